import type { Abstract, INestApplicationContext, Type } from '@nestjs/common';
import type { Command } from 'commander';
import { AuditCliError } from '../errors/cli-errors.js';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The means of every command. */
export interface CommandRun {
  readonly terminal: Terminal;
  /** Aborted when somebody presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
  /** Whether the answer is one JSON document. */
  readonly json: boolean;
  /** @throws AuditCliError when the app has no AuditModule, or one of another copy of the package */
  service<Service>(type: Type<Service> | Abstract<Service>): Service;
}

/** Does the work of a command in the booted app. */
export type Work<Options> = (options: Options, run: CommandRun) => Promise<ExitCode>;

/** A command of the line. */
export interface ProgramCommand<Options> {
  readonly command: Command;
  readonly work: Work<Options>;
  /** Whether it does its work without any app; left out: never. */
  readonly standsAlone?: (options: Options) => boolean;
}

export function serviceOf<Service>(
  app: INestApplicationContext | null,
  type: Type<Service> | Abstract<Service>,
): Service {
  if (app === null) {
    throw new AuditCliError('The command runs without an app.', 'Leave out what lets it run alone.');
  }
  try {
    return app.get(type, { strict: false });
  } catch (cause) {
    throw new AuditCliError(
      `The app has no ${type.name}.`,
      'Import AuditModule.forRoot() in it, and run the mikro-audit of its own node_modules.',
      cause,
    );
  }
}
