import { lstatSync } from 'node:fs';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { AuditCliError } from '../../errors/cli-errors.js';
import { describeCause } from '../../errors/describe-cause.js';
import type { ExportManifest } from '../../evidence/bundle/export-lines.js';
import { AuditEvidence } from '../../proofs/audit-evidence.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import type { ChangesQuery } from '../../query/terms/change-query.js';
import { EntityTypes, keyOf } from '../../query/terms/entity-types.js';
import { timeArgument } from '../arguments.js';
import type { ProgramCommand, Work } from '../command-run.js';
import { EXIT } from '../exit-codes.js';
import { type ScopeArguments, withScope } from '../scope-options.js';

/** It has values of everybody. */
const OWNER_ONLY = 0o600;

interface ExportArguments extends ScopeArguments {
  readonly output: string;
  readonly id?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly from?: Date;
  readonly until?: Date;
}

export function exportCommand(): ProgramCommand<ExportArguments> {
  const command = withScope(
    new Command('export').description(
      'Write changes with everything that proves them into a file, which mikro-audit verify --export verifies without app and database. Without a filter it is the whole log, of which it can be proved that nothing was left out.',
    ),
  )
    .requiredOption('-o, --output <file>', 'the file, which may not be there yet')
    .option('--id <id>', 'only the changes of one entity, by its entity id; with one --entity')
    .option('--actor <id>', 'only the changes of one actor, by its id')
    .option('--action <name>', 'only the changes of one action')
    .option('--from <time>', 'recorded at this time or later, such as 2026-01-31T12:00:00Z', timeArgument)
    .option('--until <time>', 'recorded before this time', timeArgument);
  return { command, work: exportChanges };
}

const exportChanges: Work<ExportArguments> = async (options, { service, signal, terminal, json }) => {
  const { output, entity, id, schema, context, actor, action, from, until } = options;
  const asked = { entity, id, schema, actor, action, from, until };
  const isWhole = Object.values(asked).every((value) => value === undefined);
  const place = context === undefined ? {} : { instance: context };
  const query = (): ChangesQuery => queryOf(options, new EntityTypes(service(AuditCatalog)));
  const lines = service(AuditEvidence).export(
    isWhole ? 'all' : service(AuditReader).allIds({ ...query(), ...place, order: 'oldest' }),
    { ...place, notCovered: 'leave-out', ...(!isWhole && { query: asked }) },
  );
  const { rows, notCovered } = manifestOf(await writeWhole(lines, output, signal));
  if (json) {
    terminal.line(JSON.stringify({ output, rows, notCovered, whole: isWhole }));
    return EXIT.ok;
  }
  terminal.line(terminal.styled('green', `${rows} rows with their proofs are in ${output}.`));
  if (notCovered > 0) {
    terminal.line(`${notCovered} more are younger than the newest checkpoint. The next one will cover them.`);
  }
  terminal.line(
    terminal.styled('dim', `To verify it: mikro-audit verify --trust trust.json --export ${output}`),
  );
  return EXIT.ok;
};

function queryOf(
  { entity, id, schema, context, actor, action, from, until }: ExportArguments,
  types: EntityTypes,
): ChangesQuery {
  const place = {
    ...(context !== undefined && { instance: context }),
    ...(schema !== undefined && { schema }),
  };
  const found = (entity ?? []).map((name) => {
    const type = types.find(name, place);
    if (!type) {
      throw new AuditCliError(
        `Nothing is audited under the name ${name}.`,
        'Give the name of an entity in the trail, which its policy has, or its class.',
      );
    }
    return type;
  });
  const [one, other] = found;
  if (id !== undefined && (one === undefined || other !== undefined)) {
    throw new AuditCliError('--id is given without one entity.', 'Give one --entity with it.');
  }
  return {
    ...place,
    ...(entity !== undefined && { within: { entityType: entity } }),
    ...(one && id !== undefined && { ...one.place, entity: one.entity, id: keyOf(id, one) }),
    ...(actor !== undefined && { actor: { id: actor } }),
    ...(action !== undefined && { action }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}

/**
 * Whole, or not there: it gets its name when it has its last line.
 * @returns the last line
 */
async function writeWhole(
  lines: AsyncIterable<string>,
  output: string,
  signal: AbortSignal,
): Promise<string> {
  const part = `${output}.part`;
  let last = '';
  async function* told(): AsyncGenerator<string> {
    for await (const line of lines) {
      last = line;
      yield line;
    }
  }
  // Not where a link leads to, which may be nowhere: the name is taken.
  if (lstatSync(output, { throwIfNoEntry: false })) {
    throw new AuditCliError(`${output} is there already.`, 'Name a file that is not there yet.');
  }
  let file: FileHandle;
  try {
    file = await open(part, 'wx', OWNER_ONLY);
  } catch (cause) {
    throw new AuditCliError(
      `${part} cannot be written (${describeCause(cause)}).`,
      'Name a file in a folder that you may write, and take away what an export has left that was ended.',
      cause,
    );
  }
  try {
    await pipeline(told(), file.createWriteStream({ flush: true }), { signal });
  } catch (error) {
    await rm(part);
    throw error;
  }
  try {
    // Unlike a rename, it takes nobody's place.
    await link(part, output);
  } catch (cause) {
    throw new AuditCliError(
      `The export is whole, and cannot get the name ${output} (${describeCause(cause)}).`,
      `It is in ${part}: move that where you want it.`,
      cause,
    );
  }
  await rm(part);
  return last;
}

function manifestOf(line: string): ExportManifest {
  return JSON.parse(line).manifest;
}
