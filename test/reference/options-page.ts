/** docs/options.md: every option with the commands that take it, its help and its default. */
import { sentence, synopsis } from '../../src/cli/manual/help.ts';
import { topics } from '../../src/cli/manual/manual.ts';
import {
  explain,
  flagOf,
  optionGroups,
  type OptionName,
  optionTable,
  standardOf,
} from '../../src/cli/options.ts';
import { wrapped } from './wrapped.ts';

const introduction = `# Commands and options

Every option is a flag (\`--port 8080\`), a variable (\`ROLLCALL_PORT=8080\`) or a member of the JSON file that \`--config\`
names (\`{ "port": 8080 }\`). Flags have precedence over variables, variables over the file. \`rollcall config\` shows the
effective values and where they come from. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but
incomplete. \`rollcall help COMMAND\` describes a command, its exit codes and examples.
`;

export function optionsPage(): string {
  return [
    introduction,
    '| command | |',
    '| --- | --- |',
    ...topics.map((topic) => `| ${[`\`${synopsis(topic)}\``, sentence(topic)].map(escaped).join(' | ')} |`),
    '',
    // `config` takes every option.
    ...optionGroups('config').flatMap(({ title, names }) => [`## ${title}`, '', ...names.flatMap(items), '']),
  ].join('\n');
}

/** An item for each meaning that an option has. */
function items(name: OptionName): string[] {
  const meanings = Map.groupBy(optionTable[name].commands, (command) => {
    const standard = standardOf(name, command) ?? '';
    const shown = standard.includes(' ') ? standard : `\`${standard}\``;
    return explain(name, command).replaceAll('*', '\\*') + (standard === '' ? '' : ` Default: ${shown}.`);
  });
  return [...meanings].map(([meaning, commands]) =>
    wrapped('- ', `\`${flagOf(name, commands[0]!)}\` (${commands.join(', ')}): ${meaning}`),
  );
}

/** A cell of a table. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
