import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The words that can follow a command. */
interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly { readonly flag: string; readonly description: string }[];
}

/** A script by which a shell completes commands and options of a program. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const commands = program.commands.map(completed);
  switch (shell) {
    case 'bash':
      return bashScript(name, commands);
    case 'zsh':
      // It understands what is written for bash.
      return `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${bashScript(name, commands)}`;
    case 'fish':
      return fishScript(name, commands);
  }
}

function completed(command: Command): Completed {
  const options = [...command.options, ...command.createHelp().visibleOptions(command)];
  const byFlag = new Map(options.map(({ long, description }) => [long ?? '', description]));
  return {
    name: command.name(),
    description: command.summary() || command.description(),
    options: [...byFlag].map(([flag, description]) => ({ flag, description })),
  };
}

function bashScript(name: string, commands: readonly Completed[]): string {
  const words = (list: readonly string[]): string =>
    `COMPREPLY=($(compgen -W "${list.join(' ')}" -- "$word"))`;
  const cases = commands.map(
    (command) => `    ${command.name}) ${words(command.options.map(({ flag }) => flag))} ;;`,
  );
  const names = [...commands.map((command) => command.name), 'help', '--help'];
  return `_${name.replaceAll('-', '_')}() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  case "$([ "$COMP_CWORD" -gt 1 ] && echo "\${COMP_WORDS[1]}")" in
${cases.join('\n')}
    *) ${words(names)} ;;
  esac
}
complete -o default -F _${name.replaceAll('-', '_')} ${name}`;
}

function fishScript(name: string, commands: readonly Completed[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return commands
    .flatMap((command) => [
      `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.description)}`,
      ...command.options.map(
        ({ flag, description }) =>
          `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name}' -l ${flag.slice(2)} -d ${quoted(description)}`,
      ),
    ])
    .join('\n');
}
