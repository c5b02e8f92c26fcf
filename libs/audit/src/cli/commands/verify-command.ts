import { createReadStream } from 'node:fs';
import { Command } from 'commander';
import { CoveredInstances } from '../../coverage/tables/covered-instance.js';
import { AuditCliError } from '../../errors/cli-errors.js';
import { verifyExport } from '../../evidence/bundle/export-verifier.js';
import { verifyRecord } from '../../evidence/bundle/record-proof.js';
import type { DatabaseLog } from '../../evidence/database/database-log.js';
import type { EvidenceFinding, EvidenceReport } from '../../evidence/verify/evidence-finding.js';
import { LogVerifier } from '../../evidence/verify/log-verifier.js';
import { numberArgument } from '../arguments.js';
import type { CommandRun, ProgramCommand, Work } from '../command-run.js';
import { type TrustArguments, textFile, textsIn, trustOf } from '../evidence-files.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withLogAt, withStoredLog } from '../stored-log.js';
import type { Terminal } from '../terminal.js';

interface VerifyArguments extends TrustArguments {
  readonly checkpoint?: readonly string[];
  readonly since?: string;
  readonly sample?: number;
  readonly position?: number;
  readonly entity?: string;
  readonly id?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly export?: string;
  readonly proof?: string;
  readonly record?: string;
  readonly context?: string;
  readonly maxFindings?: number;
  readonly strict?: boolean;
}

const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const;

export function verifyCommand(): ProgramCommand<VerifyArguments> {
  const command = new Command('verify')
    .description(
      'Prove that the trail is as it was sealed, by checkpoints that were published outside of the database. It only reads. With --database it needs no app, with an export or a proof no database either.',
    )
    .option('--origin <name>', 'the log, as its owner has published it')
    .option('--key <key...>', 'public keys of the log: name+id+base64')
    .option('--trust <file>', 'JSON with origin and keys, each with the sizes that it may sign')
    .option('--checkpoint <path...>', 'signed checkpoints: files, or folders of files; the more, the better')
    .option('--since <file>', 'only what came behind this checkpoint, up to which all was verified before')
    .option('--sample <number>', 'only rows at random', numberArgument)
    .option('--position <number>', 'only the row of this position', numberArgument)
    .option('--entity <name>', 'only the rows of one entity, by its name in the trail; with --id')
    .option('--id <id>', 'the entity id')
    .option(
      '--database <url>',
      'the database itself, without the app: any role that may read its audit tables; the password is best left to PGPASSWORD or ~/.pgpass',
    )
    .option('--schema <name>', 'the schema of the audit tables; with --database')
    .option('--export <file>', 'an export in place of the database')
    .option('--proof <file>', 'a .tlog-proof in place of the database')
    .option('--record <file>', 'the row that the proof is of, with its salts')
    .option('--context <name>', 'only this MikroORM instance, by its contextName')
    .option(
      '--max-findings <number>',
      'findings of each kind to print (1000); all are counted',
      numberArgument,
    )
    .option('--strict', 'warnings count as errors do');
  return {
    command,
    work: verify,
    standsAlone: (options) =>
      [options.database, options.export, options.proof].some((place) => place !== undefined),
  };
}

const verify: Work<VerifyArguments> = async (options, run) => {
  assertOneOf(options);
  if (options.proof !== undefined) {
    return verifyProof(options.proof, options, run);
  }
  const report =
    options.export === undefined
      ? await verifyDatabase(options, run)
      : await verifyExport(createReadStream(options.export), {
          trust: trustOf(options),
          ...(options.maxFindings !== undefined && { maxFindings: options.maxFindings }),
        });
  if (run.json) {
    run.terminal.line(JSON.stringify(report));
  } else {
    print(report, run.terminal);
  }
  const isStrict = options.strict === true && report.findings.some(({ severity }) => severity === 'warning');
  return report.ok && !isStrict ? EXIT.ok : EXIT.found;
};

function assertOneOf(options: VerifyArguments): void {
  const oneOf = (...names: readonly (keyof VerifyArguments)[]): void => {
    const given = names.filter((name) => options[name] !== undefined);
    if (given.length > 1) {
      throw new AuditCliError(`--${given.join(' and --')} are given.`, 'Give one of them.');
    }
  };
  oneOf('since', 'sample', 'position', 'entity', 'export', 'proof');
  oneOf('database', 'context', 'export', 'proof');
  const wants = (name: keyof VerifyArguments, other: keyof VerifyArguments): void => {
    if (options[name] !== undefined && options[other] === undefined) {
      throw new AuditCliError(`--${name} is given without --${other}.`, `Give both.`);
    }
  };
  wants('schema', 'database');
  wants('entity', 'id');
  wants('id', 'entity');
  wants('record', 'proof');
}

async function verifyDatabase(options: VerifyArguments, run: CommandRun): Promise<EvidenceReport> {
  const { since, sample, position, entity, id = '', maxFindings, context, database, schema } = options;
  const trust = trustOf(options);
  const paths = [...(options.checkpoint ?? []), ...(since === undefined ? [] : [since])];
  const checkpoints = textsIn(paths, trust.origin);
  if (checkpoints.length === 0) {
    throw new AuditCliError(
      'There is no checkpoint to verify with.',
      'Give --checkpoint with what the log has published, from a place that the owner of the database cannot write.',
    );
  }
  const verified = (log: DatabaseLog): Promise<EvidenceReport> => {
    const verifier = new LogVerifier(log, {
      trust,
      checkpoints,
      signal: run.signal,
      ...(maxFindings !== undefined && { maxFindings }),
      onProgress: ({ rows, total }) => run.terminal.progress({ name: 'rows', done: rows, total }),
    });
    if (since !== undefined) {
      return verifier.since(textFile(since));
    }
    if (sample !== undefined) {
      return verifier.sample(sample);
    }
    if (position !== undefined) {
      return verifier.position(position);
    }
    return entity === undefined ? verifier.all() : verifier.entity(entity, id);
  };
  return database === undefined
    ? withStoredLog(run.service(CoveredInstances).all(), context, run.signal, verified)
    : withLogAt({ url: database, schema }, run.signal, verified);
}

function verifyProof(
  proof: string,
  options: VerifyArguments,
  { json, terminal }: CommandRun,
): Promise<ExitCode> {
  const record = options.record === undefined ? null : textFile(options.record);
  const proved = verifyRecord(textFile(proof), record, trustOf(options));
  const { position, erased, leaf, checkpoint } = proved;
  const { origin, size } = checkpoint;
  if (json) {
    const root = checkpoint.root.toString('base64');
    terminal.line(JSON.stringify({ ...proved, checkpoint: { origin, size, root } }));
    return Promise.resolve(EXIT.ok);
  }
  terminal.line(
    terminal.styled(
      'green',
      `Position ${position} is in the log ${origin}, as its checkpoint of ${size} covers it.`,
    ),
  );
  terminal.line(erased === null ? `Its leaf: ${leaf}` : `Its record: ${record?.trimEnd()}`);
  if (erased !== null && erased.length > 0) {
    terminal.line(`Erased: ${erased.join(', ')}`);
  }
  return Promise.resolve(EXIT.ok);
}

function print(report: EvidenceReport, terminal: Terminal): void {
  const { findings, counts, rows, checkpoints, checkpoint, origin, ok } = report;
  for (const finding of findings) {
    const { severity, kind, message } = finding;
    terminal.line(
      terminal.styled(STYLES[severity], `${severity} ${kind}`),
      `${subjectOf(finding)}: ${message}`,
    );
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total > findings.length) {
    terminal.line(terminal.styled('dim', `... and ${total - findings.length} more`));
  }
  terminal.line(
    `${rows} rows of ${origin} verified, ${
      checkpoints > 0
        ? `${checkpoints} checkpoints agree, the last one covers ${checkpoint?.size ?? 0}`
        : `each by the checkpoint of ${checkpoint?.size ?? 0}`
    }.`,
  );
  terminal.line(
    ok
      ? terminal.styled('green', 'The trail is what was sealed.')
      : terminal.styled('red', 'The trail is not what was sealed.'),
  );
}

function subjectOf({ entityType, entityId }: EvidenceFinding): string {
  return entityType === null ? '' : ` ${entityType} ${entityId}`;
}
