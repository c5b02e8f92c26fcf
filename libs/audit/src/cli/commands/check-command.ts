import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { AuditCheck } from '../../coverage/check/audit-check.js';
import type { CheckFinding } from '../../coverage/check/check-finding.js';
import type { CheckReport } from '../../coverage/check/check-options.js';
import { AuditCliError } from '../../errors/cli-errors.js';
import { systemActor } from '../../model/actor.js';
import type { JsonValue } from '../../model/json.js';
import { numberArgument } from '../arguments.js';
import type { Work } from '../command-run.js';
import { EXIT } from '../exit-codes.js';
import { type ScopeArguments, scopeOf, withScope } from '../scope-options.js';
import type { Terminal } from '../terminal.js';

interface CheckArguments extends ScopeArguments {
  readonly sample?: number;
  readonly since?: string;
  readonly resume?: string;
  readonly maxFindings?: number;
  readonly readFrom?: 'primary' | 'replica';
  readonly record?: boolean;
  readonly reason?: string;
}

/** Characters of a value that a line shows. */
const LONGEST_VALUE = 300;

export function checkCommand(): { readonly command: Command; readonly work: Work<CheckArguments> } {
  const command = withScope(
    new Command('check').description(
      'Replay the trail against the tables, and report where they differ. It only reads, unless --record is given; other writers go on meanwhile.',
    ),
  )
    .option('--sample <part>', 'only a part of the entities, such as 0.01', numberArgument)
    .option('--since <position>', 'only what was written since an earlier check, by its position')
    .option('--resume <position>', 'go on where a check was ended, by the last position that it told')
    .option('--max-findings <number>', 'findings to print (1000); all are counted', numberArgument)
    .addOption(
      new Option('--read-from <server>', 'where trail and tables are read (primary)').choices([
        'primary',
        'replica',
      ]),
    )
    .option('--record', 'write what is right as revisions of their own; needs --reason')
    .option('--reason <text>', 'why it is recorded, for whoever reads the trail');
  return { command, work: runCheck };
}

const runCheck: Work<CheckArguments> = async (
  { sample, since, resume, maxFindings, readFrom, record, reason, ...scope },
  { terminal, signal, json, service },
) => {
  if (record === true && reason === undefined) {
    throw new AuditCliError('--record is given without a reason.', 'Say why in --reason "...".');
  }
  let latest: string | undefined;
  const report = await service(AuditCheck).run({
    ...scopeOf(scope),
    ...(sample !== undefined && { sample }),
    ...(since !== undefined && { since }),
    ...(resume !== undefined && { resume }),
    ...(maxFindings !== undefined && { maxFindings }),
    ...(readFrom !== undefined && { readFrom }),
    ...(record === true && {
      record: { reason: reason ?? '', actor: systemActor('mikro-audit', userInfo().username) },
    }),
    signal,
    onProgress: ({ entityType, part, looked, estimate, resume: position }) => {
      latest = position;
      terminal.progress({ name: `${entityType} (${part})`, done: looked, total: estimate });
    },
  });
  if (json) {
    terminal.line(JSON.stringify(report));
  } else {
    print(report, terminal);
  }
  if (!report.complete && latest !== undefined) {
    terminal.note(`Ended early. Go on with --resume '${latest}'`);
  }
  return report.complete && hasNone(report) ? EXIT.ok : EXIT.found;
};

function print(report: CheckReport, terminal: Terminal): void {
  const { entities, changes, rows, counts, findings, corrected, position } = report;
  for (const finding of findings) {
    terminal.line(terminal.styled('red', finding.kind), ` ${described(finding)}`);
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total > findings.length) {
    terminal.line(terminal.styled('dim', `... and ${total - findings.length} more`));
  }
  terminal.line(`${entities} entities with ${changes} changes compared, ${rows} rows looked up.`);
  if (corrected > 0) {
    terminal.line(`${corrected} entities corrected by revisions of their own.`);
  }
  const kinds = Object.entries(counts).filter(([, count]) => count > 0);
  terminal.line(
    hasNone(report)
      ? terminal.styled('green', 'The trail is what the tables have.')
      : terminal.styled('red', kinds.map(([kind, count]) => `${kind}: ${count}`).join(', ')),
  );
  terminal.line(terminal.styled('dim', `For the next check: --since ${position}`));
}

function described({ entityType, entityId, path, trail, found, since, until }: CheckFinding): string {
  const where = path === null ? '' : `.${path}`;
  const values = path === null ? '' : `: trail ${told(trail)}, found ${told(found)}`;
  const after = since ? `, after change ${since.changeId} of ${since.recordedAt.toISOString()}` : '';
  const by = until ? `, told by change ${until.changeId}` : '';
  return `${entityType} ${entityId}${where}${values}${after}${by}`;
}

/** `--json` has all of it. */
function told(value: JsonValue | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  const rest = text.length - LONGEST_VALUE;
  return rest > 0 ? `${text.slice(0, LONGEST_VALUE)}... and ${rest} characters more` : text;
}

function hasNone({ counts }: CheckReport): boolean {
  return Object.values(counts).every((count) => count === 0);
}
