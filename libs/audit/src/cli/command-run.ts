import type { INestApplicationContext, Type } from '@nestjs/common';
import { AuditCliError } from '../errors/cli-errors.js';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The means of every command. */
interface CommandRun {
  readonly terminal: Terminal;
  /** Aborted when somebody presses Ctrl-C, or the process is told to end. */
  readonly signal: AbortSignal;
  /** Whether the answer is one JSON document. */
  readonly json: boolean;
  /** @throws AuditCliError when the app has no AuditModule, or one of another copy of the package */
  service<Service>(type: Type<Service>): Service;
}

/** Does the work of a command in the booted app. */
export type Work<Options> = (options: Options, run: CommandRun) => Promise<ExitCode>;

export function serviceOf<Service>(app: INestApplicationContext, type: Type<Service>): Service {
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
