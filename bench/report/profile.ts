/** Findings from profiles of single parts, with their date; the figures of a run cannot say it. */
export const PROFILE = `#### Findings from profiles

Taken on 2026-11-24, when revisions had a table of their own, on the machine named above: \`node --cpu-prof\`, parts of the library switched off one after the other and
compared within one process, and single statements against PostgreSQL with the CPU of their backend. The figures of this run
show where they have led.

- **One change, in Node.** Of the 274 µs that an update of 1 cost before, 37 were MikroORM's events and \`AuditContext.run()\`, 90
  capturing (taking down what the flush is about to do 33, the change itself 25, who and why 15, bookkeeping of snapshots and
  transactions 10), 10 the context made storable, and 138 the statement: one more \`writev\`, one more answer to
  parse, and the promises of MikroORM, Kysely and pg between. The floor spent 118. Capturing is a flat profile: no function has more
  than 5 µs of its own. Merging the context once, encoding and comparing keys once and asking no policy for what none demands
  took a fifth off (442 to 355 µs, both on a busy machine, interleaved). One listener in place of two, and no promise where there
  is nothing to wait for, took another 14 of the 82 µs of JavaScript beyond the floor, without the database.
- **One change, in PostgreSQL.** A transaction of nothing but this statement takes 133 µs more than an empty one with the
  statement of the floor and 156 with that of the library: the look at the index of deletes is 14 to 17 of the
  difference, the id of the revision as an answer 10. The secondary indexes of both tables but those of deletes and of targets cost 52 µs
  together, those by time and by actor 8 of them; leaving out the one by type or the one by transaction saved 1 each, the six
  that hold few rows 3 together: they stay, because each serves a search that is documented.
  Collation "C" for the ids saved nothing (the server compares by bytes as it is). Since 2026-11-29 a revision of one change is one row,
  written without an answer: the statement takes 142 µs cold, 63 of them without any index but the primary key.
- **Many changes.** One record of what is known of an entity, in place of five weak maps, three of them by snapshot, which grew with
  each flush, and what a class can answer looked up once took a quarter of our own part off (1,000 rows, interleaved, busy machine: insert
  25.0 to 18.1, update 21.4 to 15.1, delete 22.6 to 19.9 µs per change).
  In Node each took about 10 µs to capture before (an insert or delete with its 12 values, of which the JSON
  document is parsed again because MikroORM keeps it as text) and 3 to write as JSON; the rest of what the library adds is
  garbage collection and a share of what a statement costs once. In PostgreSQL 15 (update) and 23 µs (insert): parsing \`jsonb\`
  and the entry in the index of the entity, which is at a random place, are most of it.
- **1,000 and more.** The collection of all garbage before each repetition, which keeps the contenders apart, makes V8 forget
  hidden classes and compiled code of all of them. Without it the plain update of 1,000 takes 31 in place of 60 µs of Node per change, and the
  library 9 in place of 21 µs more than the floor (before the last savings). A server that is busy is between the two.
- **Deletes** have the highest ratios and about the same added microseconds as inserts: MikroORM deletes 100 rows for 20 µs each
  without reading a value, while the audit has to write all values of each row.
- **COPY** instead of the statement would save 3 to 4 µs of PostgreSQL per change above 10,000 changes (12.5 against 15.2 for updates, 19.5 against
  23.3 for inserts), 3 to 5 % of such a flush, and needs two statements more, for the revision and for the look at
  deletes: see [storage and cost](04-considerations/storage-and-cost.md#copy).
- **Many clients.** One Node process is busy all the time, so the throughput is the CPU of Node: 434 µs for an unaudited update
  of one row, 547 with the floor. That is 0.79 at best, below the goal of 0.85.`;
