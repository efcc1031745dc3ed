import { Argument, type Command } from 'commander';
import type { CommandDefinition } from '../context.js';

const SCRIPTS = {
  bash: `_phantomnet() {
  local IFS=$'\\n'
  COMPREPLY=($(phantomnet completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _phantomnet phantomnet
`,
  zsh: `#compdef phantomnet
_phantomnet() {
  local -a found
  found=("\${(@f)$(phantomnet completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _phantomnet phantomnet
`,
  fish: `function __phantomnet_complete
  set -l current (commandline -ct)
  phantomnet completion words -- (commandline -opc)[2..-1] "$current" 2>/dev/null
end
complete -c phantomnet -a '(__phantomnet_complete)'
`,
} as const;

/** `phantomnet completion <shell>`: the script to source; `completion words` is what the scripts call. */
export const defineCompletion: CommandDefinition = (program, run) => {
  program
    .command('completion')
    .description('print the completion script of a shell: source <(phantomnet completion bash)')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish', 'words']))
    .argument('[typed...]', 'words typed so far (with words)')
    .action((shell: keyof typeof SCRIPTS | 'words', typed: string[]) =>
      run(async () => {
        process.stdout.write(
          shell === 'words' ? `${completeWords(program, typed).join('\n')}\n` : SCRIPTS[shell],
        );
        return 0;
      }),
    );
};

/** Returns what can stand where the last of `typed` is being typed: subcommands, flags, or the choices of a flag. */
function completeWords(program: Command, typed: readonly string[]): string[] {
  const current = typed.at(-1) ?? '';
  let command = program;
  for (const word of typed.slice(0, -1)) command = command.commands.find((c) => c.name() === word) ?? command;
  const options = [...command.options, ...(command === program ? [] : program.options)].filter(
    (o) => !o.hidden,
  );
  const previous = options.find((o) => o.long !== undefined && o.long === typed.at(-2));
  const candidates =
    previous?.required === true
      ? (previous.argChoices ?? [])
      : current.startsWith('-')
        ? [...options.flatMap((o) => (o.long === undefined ? [] : [o.long])), '--help']
        : command.commands.map((c) => c.name());
  return candidates.filter((word) => word.startsWith(current));
}
