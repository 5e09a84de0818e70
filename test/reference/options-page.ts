/** docs/options.md: every option with the commands that take it, its help and its default. */
import { sentence, synopsis } from '../../src/cli/manual/help.ts';
import { type Topic, topics } from '../../src/cli/manual/manual.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import {
  fileVariable,
  flagOf,
  optionGroups,
  optionIn,
  type OptionName,
  optionTable,
  standardOf,
} from '../../src/cli/options.ts';
import { wrapped } from './wrapped.ts';

const introduction = `# Commands and options

Every option is a flag (\`--port 8080\`), a variable (\`ROLLCALL_PORT=8080\`) or a member of [a file](operating.md#configuration).
Repeat an option with \`…\`, or give it several values with commas.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but incomplete. \`rollcall help COMMAND\` describes a
command, its exit codes and examples.
`;

export function optionsPage(): string {
  const groups = optionGroups('config'); // `config` takes every option
  return [
    introduction,
    ...topics
      .filter((topic) => !topics.some((other) => other.startsWith(`${topic} `)))
      .map((topic) => wrapped('- ', `\`${shortSynopsis(topic)}\`: ${escaped(sentence(topic))}`)),
    '',
    wrapped('', secretsRule(groups.flatMap(({ names }) => names))),
    '',
    ...groups.flatMap(({ title, names }) => [`## ${title}`, '', ...names.flatMap(items), '']),
  ].join('\n');
}

/** `import PATH…`: a command without what all of them share. */
function shortSynopsis(topic: Topic): string {
  return synopsis(topic).replace('rollcall ', '').replace(' [OPTION…]', '');
}

function secretsRule(names: readonly OptionName[]): string {
  const variables = names.map(fileVariable).filter((name) => name !== undefined);
  return `These variables name a file with the value: ${variables.map((name) => `\`${name}\``).join(', ')}.`;
}

/** An item for each flag of an option, with each of its meanings. */
function items(name: OptionName): string[] {
  const { commands, kind, takesOne } = optionTable[name];
  const more = kind === 'list' && takesOne !== true ? '…' : '';
  return [...Map.groupBy(commands, (command) => flagOf(name, command))].map(([flag, those]) => {
    const meanings = Map.groupBy(those, (command) => meaningOf(name, command));
    const texts = [...meanings].map(
      ([meaning, ofThese]) => `${leadText(name, ofThese)}${escaped(meaning)}${standardsText(name, ofThese)}`,
    );
    const [only] = texts;
    return texts.length === 1
      ? wrapped('- ', `\`${flag}${more}\` ${only!}`) // there is one
      : [`- \`${flag}${more}\``, ...texts.map((text) => wrapped('  - ', text))].join('\n');
  });
}

/** Names the commands, unless each stands beside its default. */
function leadText(name: OptionName, commands: readonly CommandName[]): string {
  const standards = new Set(commands.map((command) => standardOf(name, command) ?? ''));
  return standards.size > 1 && !standards.has('') ? '' : `(${commandsText(commands)}) `;
}

function meaningOf(name: OptionName, command: CommandName): string {
  const { help, choices } = optionIn(name, command);
  return choices === undefined ? help : `${help} One of ${choices.join(', ')}.`;
}

/** Names the commands, or those that are left out where these are fewer. */
function commandsText(commands: readonly CommandName[]): string {
  const others = optionTable.config.commands.filter((command) => !commands.includes(command));
  if (others.length === 0) return 'all';
  return others.length + 2 < commands.length ? `all but ${others.join(', ')}` : commands.join(', ');
}

function standardsText(name: OptionName, commands: readonly CommandName[]): string {
  const standards = Map.groupBy(commands, (command) => standardOf(name, command) ?? '');
  const texts = [...standards]
    .filter(([standard]) => standard !== '')
    .map(([standard, those]) => {
      const shown = standard.includes(' ') ? standard : `\`${standard}\``;
      return standards.size === 1 ? shown : `${shown} (${those.join(', ')})`;
    });
  return texts.length === 0 ? '' : ` Default: ${texts.join('; ')}.`;
}

function escaped(text: string): string {
  return text.replaceAll('*', '\\*');
}
