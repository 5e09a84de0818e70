/** docs/options.md: every option with the commands that take it, its values, default and help. */
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
    ...optionGroups('config').flatMap(({ title, names }) => [
      `## ${title}`,
      '',
      '| option | commands | default | |',
      '| --- | --- | --- | --- |',
      ...names.flatMap(rows),
      '',
    ]),
  ].join('\n');
}

/** A row for each meaning that an option has. */
function rows(name: OptionName): string[] {
  const meanings = Map.groupBy(optionTable[name].commands, (command) =>
    [standardOf(name, command) ?? '', explain(name, command)].map(escaped).join(' | '),
  );
  return [...meanings].map(
    ([meaning, commands]) =>
      `| ${escaped(`\`${flagOf(name, commands[0]!)}\``)} | ${commands.join(', ')} | ${meaning} |`,
  );
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
