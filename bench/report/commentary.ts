import type { SectionId } from '../plan.js';

export const METHOD = `How: every ratio is audited / unaudited of the same work in the same run. The variants are shuffled in every
repetition of one process, the first fifth of the repetitions is dropped; flushes of one and requests run 800 times before (100
in a quick run), because Node compiles code only when it has run often, and MikroORM's has in every variant. A ratio is wall / CPU: wall is the median; CPU is
Node (garbage collection included) and the PostgreSQL backend together, as a mean, because garbage is collected in lumps. On
a busy machine believe the CPU. A goal is reached when both are below it, unless one of them is named.

The table is an order of 12 columns with a uuid key, a foreign key, a jsonb document and three times. Each contender has a
database of its own. Autovacuum, checkpoints and full page images are off, because they come at random; with \`fsync\` on the
ratios of wall time are closer to 1, because a commit waits for the disk either way. The work of an application for a flush
counts as part of it: \`em.create()\`, the assignments, \`em.remove()\`.

\`npm run bench\` takes about 5 minutes, \`-- --quick\` about one; \`-- --json\` prints the figures for machines; \`-- --fsync\`
makes the disk count; \`-- --only flush,peers\` chooses. The other ORMs are in \`bench/package.json\` and are installed on the
first run.`;

export const NOTES: Readonly<Record<SectionId, string>> = {
  flush: `Updates change 3 of 12 fields. The subscriber writes one \`INSERT\` per change in after-hooks; the audit entities are made in
\`onFlush\` with \`computeChangeSet()\`; the trigger compares rows as jsonb and knows no actor, so its rows are smaller. Deletes look
dear because MikroORM deletes 300 rows with one short statement, while every audit has to write the rows out. The floor is
written for this benchmark alone: the payloads as MikroORM has them, one prepared statement, the tables and indexes of this
library; no context but constants, no rounding, mask, hook, default, savepoint or cascade.`,
  request:
    'An EntityManager of its own each time, as in a request: three round trips and a commit without audit.',
  network: `As before, with a TCP proxy in a process of its own that delivers everything 1 ms later. Round trips are all that
counts here: load, begin, update and commit are four, the audit statement is a fifth. An application that does nothing else
pays 5/4 for it; one that works for the time of a round trip itself pays 6/5. With \`sendWithCommit\` there is no fifth.`,
  transaction: 'In a process of its own, because of its memory; measured once.',
  throughput:
    'Every client has a connection and an order of its own and updates 3 of 12 fields again and again. One Node process.',
  native: `\`em.nativeUpdate()\` of 2 fields, by the keys of the rows, in a transaction of its own. Without triggers it leaves no trace. The row trigger compares
rows as jsonb and knows no actor.`,
  nativeNetwork:
    'As before. Who and why travel in a comment of the statement, so there is no further round trip.',
  peers: `The same columns and the same number of rows, each call a transaction, audited against unaudited of the same ORM. They
store different things: typeorm-auditing and sequelize-temporal a copy of the row without actor, @usebetterdev/audit before and after.
Compare the added time per change too: an ORM that is slow without audit makes its ratio look good.`,
  context: `The cost of knowing a request before anything is written. All applications have MikroORM, and a middleware
that sets \`request.user\`. Ours carries correlation id, ip, user agent, method, route and handler; the others actor and request id.`,
};
