import { Writable } from 'node:stream';
import { AuditProgram } from '../../libs/audit/src/cli/audit-program.js';
import { Terminal } from '../../libs/audit/src/cli/terminal.js';
import type { CommandOptions, CommandResult } from './run-command.js';

/**
 * Runs `mikro-audit` from its sources in this process, which has loaded them already: a process of its own takes seconds for that.
 * Some suites do start one, for all that only a process has.
 */
export async function runProgram(
  args: readonly string[],
  { cwd, env = {} }: CommandOptions,
): Promise<CommandResult> {
  const said = { stdout: '', output: '' };
  const stream = (hear: (text: string) => void) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        hear(String(chunk));
        done();
      },
    });
  const out = stream((text) => {
    said.stdout += text;
    said.output += text;
  });
  const err = stream((text) => {
    said.output += text;
  });
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const code = await new AuditProgram(new Terminal(out, err), cwd).run(args);
    return { code, ...said };
  } finally {
    for (const name of Object.keys(env)) {
      delete process.env[name];
    }
    Object.assign(process.env, before);
  }
}
