import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion.js';
import type { Terminal } from '../terminal.js';

/** Needs no app: it is asked each time that a shell starts. */
export function completionCommand(terminal: Terminal): Command {
  const command = new Command('completion')
    .description('Print a script by which a shell completes commands and options.')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .addHelpText('after', '\nIn bash: source <(npx mikro-audit completion bash)');
  return command.action((shell: Shell) => {
    terminal.lines(completionScript(command.parent ?? command, shell));
  });
}
