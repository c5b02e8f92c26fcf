import type { LoggerService } from '@nestjs/common';
import { Command, CommanderError } from 'commander';
import { AuditCliError } from '../errors/cli-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import { bootApp } from './audited-app.js';
import { type ProgramCommand, serviceOf } from './command-run.js';
import { baselineCommand } from './commands/baseline-command.js';
import { checkCommand } from './commands/check-command.js';
import { completionCommand } from './commands/completion-command.js';
import { doctorCommand } from './commands/doctor-command.js';
import { exportCommand } from './commands/export-command.js';
import { initCommand } from './commands/init-command.js';
import { sequenceCommand } from './commands/sequence-command.js';
import { verifyCommand } from './commands/verify-command.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** Options of every command. */
interface CommonOptions {
  readonly module?: string;
  readonly json?: boolean;
}

/** The command line `mikro-audit`. */
export class AuditProgram {
  private exitCode: ExitCode = EXIT.ok;

  constructor(
    private readonly terminal: Terminal,
    private readonly cwd: string,
  ) {}

  /** @param args without program and script */
  async run(args: readonly string[]): Promise<ExitCode> {
    const code = await this.answer(args);
    try {
      await this.terminal.flushed();
      return code;
    } catch (error) {
      this.terminal.note(describeCause(error));
      return EXIT.failed;
    }
  }

  private async answer(args: readonly string[]): Promise<ExitCode> {
    const program = new Command('mikro-audit')
      .description('The audit trail of a NestJS app with MikroORM: proves that nothing is missing')
      .showHelpAfterError('(mikro-audit --help tells what there is)')
      .configureOutput({
        writeOut: (text) => this.terminal.lines(text.trimEnd()),
        writeErr: (text) => this.terminal.note(text.trimEnd()),
      })
      .exitOverride()
      .addHelpText(
        'after',
        '\nExit codes: 0 all is well, 1 something is left to do or to look into, 2 it could not run.',
      );
    this.add(program, baselineCommand());
    this.add(program, checkCommand());
    this.add(program, doctorCommand());
    this.add(program, exportCommand());
    this.add(program, initCommand());
    this.add(program, sequenceCommand());
    this.add(program, verifyCommand());
    program.addCommand(completionCommand(this.terminal).copyInheritedSettings(program));
    try {
      await program.parseAsync([...args], { from: 'user' });
      return this.exitCode;
    } catch (error) {
      if (error instanceof CommanderError) {
        return error.exitCode === 0 ? EXIT.ok : EXIT.failed;
      }
      this.terminal.note(describeCause(error));
      return EXIT.failed;
    }
  }

  private add<Options extends object>(
    program: Command,
    { command, ...given }: ProgramCommand<Options>,
  ): void {
    program.addCommand(
      command
        .copyInheritedSettings(program)
        .option('--module <path#Class>', 'the compiled module of the app; by default what package.json says')
        .option('--json', 'answer with one JSON document')
        .action(async (options: CommonOptions & Options) => {
          this.exitCode = await this.work(options, given);
        }),
    );
  }

  private async work<Options>(
    options: CommonOptions & Options,
    { work, standsAlone }: Omit<ProgramCommand<Options>, 'command'>,
  ): Promise<ExitCode> {
    const app =
      standsAlone?.(options) === true ? null : await bootApp(options.module, this.cwd, this.logger());
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, abort);
    }
    try {
      return await work(options, {
        terminal: this.terminal,
        signal: stop.signal,
        json: options.json === true,
        service: (type) => serviceOf(app, type),
      });
    } catch (error) {
      if (!stop.signal.aborted) {
        throw error;
      }
      throw new AuditCliError(
        'The command was told to end before it was done, so it has no result.',
        'Run it again.',
        error,
      );
    } finally {
      this.terminal.endProgress();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.removeListener(signal, abort);
      }
      await app?.close();
    }
  }

  /** Nest writes to stdout, which is for the answer. */
  private logger(): LoggerService {
    const note = (message: unknown): void => this.terminal.note(String(message));
    return { log: () => undefined, warn: note, error: note, fatal: note };
  }
}
