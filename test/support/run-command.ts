import { execFile } from 'node:child_process';

export interface CommandResult {
  readonly code: number;
  /** Its output, on both streams. */
  readonly output: string;
  readonly stdout: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end; a failure is a result too. */
export function tryCommand(
  program: string,
  args: readonly string[],
  { cwd, env }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 32 * 1024 * 1024 };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      // A program that could not be started has a text there, one that was killed nothing.
      const exitCode = Number.isInteger(code) ? code : 1;
      const cause = exitCode !== 0 && stdout + stderr === '' ? String(error) : '';
      resolve({ code: exitCode, stdout, output: stdout + stderr + cause });
    });
  });
}

/** Runs a program that must succeed, and returns what it wrote to stdout. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { code, stdout, output } = await tryCommand(program, args, options);
  if (code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${code} in ${options.cwd}:\n${output}`);
  }
  return stdout;
}
