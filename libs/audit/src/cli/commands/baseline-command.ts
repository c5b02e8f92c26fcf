import { userInfo } from 'node:os';
import { Command } from 'commander';
import { AuditBaseline } from '../../coverage/baseline/audit-baseline.js';
import type { BaselineReport } from '../../coverage/baseline/baseline-options.js';
import { systemActor } from '../../model/actor.js';
import { numberArgument, objectArgument } from '../arguments.js';
import type { Work } from '../command-run.js';
import { EXIT } from '../exit-codes.js';
import { type ScopeArguments, scopeOf, withScope } from '../scope-options.js';
import type { Terminal } from '../terminal.js';

interface BaselineArguments extends ScopeArguments {
  readonly where?: object;
  readonly reason?: string;
  readonly batchSize?: number;
  readonly rowsPerSecond?: number;
  readonly lockWait?: number;
}

export function baselineCommand(): { readonly command: Command; readonly work: Work<BaselineArguments> } {
  const command = withScope(
    new Command('baseline').description(
      'Record the present state of rows whose beginning the trail does not know. Other writers go on meanwhile; run it again to go on after it was ended.',
    ),
  )
    .option('--where <json>', 'only rows that meet conditions of MikroORM; with one --entity', objectArgument)
    .option('--reason <text>', 'why, for whoever reads the trail')
    .option('--batch-size <rows>', 'rows that are locked and recorded at once (200)', numberArgument)
    .option('--rows-per-second <number>', 'record no more than that', numberArgument)
    .option(
      '--lock-wait <seconds>',
      'how long a row is waited for that somebody keeps locked (30)',
      numberArgument,
    );
  return { command, work: runBaseline };
}

const runBaseline: Work<BaselineArguments> = async (
  { where, reason, batchSize, rowsPerSecond, lockWait, ...scope },
  { terminal, signal, json, service },
) => {
  const report = await service(AuditBaseline).run({
    ...scopeOf(scope),
    ...(where && { where }),
    ...(reason !== undefined && { reason }),
    ...(batchSize !== undefined && { batchSize }),
    ...(rowsPerSecond !== undefined && { rowsPerSecond }),
    ...(lockWait !== undefined && { lockWait }),
    actor: systemActor('mikro-audit', userInfo().username),
    signal,
    onProgress: ({ entityType, looked, estimate }) =>
      terminal.progress({ name: entityType, done: looked, total: estimate }),
  });
  if (json) {
    terminal.line(JSON.stringify(report));
  } else {
    print(report, terminal);
  }
  return report.complete ? EXIT.ok : EXIT.found;
};

function print({ entities, complete }: BaselineReport, terminal: Terminal): void {
  for (const { entityType, looked, recorded, locked } of entities) {
    terminal.line(
      terminal.styled('bold', entityType),
      `: ${recorded} of ${looked} rows recorded now`,
      locked.length > 0 ? terminal.styled('yellow', `, ${locked.length} stayed locked`) : '',
    );
  }
  terminal.line(
    complete
      ? terminal.styled('green', 'The trail knows every row that was looked at.')
      : terminal.styled('yellow', 'Not all is done: run it again to go on.'),
  );
}
