/** The reference of the program: its commands as the program itself declares them, its exit codes, its error codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { page, table } from './docs-table.mjs';

const built = (file) => pathToFileURL(join(process.cwd(), 'dist', file)).href;

/** Returns the page as Markdown. */
export async function cliPage() {
  const { buildProgram } = await import(built('cli/program.js'));
  const { EXIT_CODES, exitCodeOf } = await import(built('cli/exit-codes.js'));
  const { listEstimators } = await import(built('cli/commands/train.js'));
  const program = buildProgram();
  await listEstimators(program);
  const sections = [
    `# ${program.name()}`,
    program.description(),
    `\`\`\`\n${program.name()} [flags] <command>\n\`\`\``,
    '## Flags of every command',
    table(['flag', 'what it does', 'default'], program.options.map(optionRow)),
    ...leaves(program).flatMap(commandSection),
    '## Exit codes',
    table(['code', 'meaning'], Object.entries(EXIT_CODES)),
    '## Error codes',
    table(
      ['code', 'meaning', 'exit code'],
      errorCodes().map(([code, meaning]) => [`\`${code}\``, meaning, exitCodeOf(code)]),
    ),
  ];
  return page(sections);
}

/** The commands that do something, in the order of the help; not those that are hidden. */
function leaves(command) {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  // A command with others below it may do something by itself: then it takes arguments.
  return children.flatMap((child) => [
    ...(child.commands.length === 0 || child.registeredArguments.length > 0 ? [child] : []),
    ...leaves(child),
  ]);
}

function commandSection(command) {
  const options = command.options.filter((option) => !option.hidden);
  return [
    `## ${pathOf(command)}`,
    command.description(),
    `\`\`\`\n${pathOf(command)} ${command.usage()}\n\`\`\``,
    table(['argument', 'what it is', 'default'], command.registeredArguments.map(argumentRow)),
    table(['flag', 'what it does', 'default'], options.map(optionRow)),
  ];
}

function pathOf(command) {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function argumentRow(argument) {
  const label = `${argument.name()}${argument.variadic ? '...' : ''}`;
  const name = argument.required ? `<${label}>` : `[${label}]`;
  return [`\`${name}\``, described(argument), defaultOf(argument)];
}

function optionRow(option) {
  const name = option.mandatory ? `\`${option.flags}\` (required)` : `\`${option.flags}\``;
  return [name, described(option), option.negate ? '' : defaultOf(option)];
}

function described({ description, argChoices }) {
  return argChoices === undefined ? description : `${description} (${argChoices.join(', ')})`;
}

function defaultOf({ defaultValue, defaultValueDescription }) {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  return defaultValue === undefined ? '' : `\`${JSON.stringify(defaultValue)}\``;
}

/** Code and meaning of each error, from the one place that lists them. */
function errorCodes() {
  const source = readFileSync('src/core/errors.ts', 'utf8');
  return [...source.matchAll(/^\s*\| '([A-Z_]+)';? \/\/ (.+)$/gm)].map(([, code, meaning]) => [
    code,
    meaning,
  ]);
}
