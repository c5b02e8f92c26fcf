import type { Command } from 'commander';
import type { CoverageScope } from '../coverage/tables/covered-classes.js';

/** As the command line has it. */
export interface ScopeArguments {
  readonly entity?: readonly string[];
  readonly schema?: string;
  readonly context?: string;
}

export function withScope(command: Command): Command {
  return command
    .option('-e, --entity <name...>', 'only these, by their names in the trail')
    .option('--schema <name>', 'of entities of several schemas only those in this one')
    .option('--context <name>', 'only this MikroORM instance, by its contextName');
}

export function scopeOf({ entity, schema, context }: ScopeArguments): CoverageScope {
  return {
    ...(entity && { entities: entity }),
    ...(schema !== undefined && { schema }),
    ...(context !== undefined && { instance: context }),
  };
}
