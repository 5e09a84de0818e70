/** docs/options.md: every command with its options, their values, defaults and variables. */
import type { Topic } from '../../src/cli/manual/manual.ts';
import { explain, flagOf, sentence, standardOf, synopsis } from '../../src/cli/manual/page.ts';
import { manual, topics } from '../../src/cli/manual/topics.ts';
import { environmentName, optionGroups, type OptionName } from '../../src/cli/options.ts';
import type { CommandName } from '../../src/cli/options/option.ts';
import { fileVariable } from '../../src/cli/secret-files.ts';

const introduction = `# Commands and options

Every option is a flag (\`--port 8080\`), a variable (\`ROLLCALL_PORT=8080\`) or a member of the JSON file that \`--config\`
names (\`{ "port": 8080 }\`); flags win over variables, variables over the file. \`rollcall config\` shows what holds, and
where it comes from. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but incomplete.
`;

export function optionsPage(): string {
  return [introduction, ...topics.flatMap(section)].join('\n');
}

function section(topic: Topic): string[] {
  const { does, description, exits, examples } = manual[topic];
  return [
    `## ${topic}`,
    '',
    `${sentence(does)} \`${synopsis(topic)}\``,
    '',
    ...description.flatMap((paragraph) => [escaped(paragraph), '']),
    '```text',
    ...examples.flatMap(({ does: what, run }, i) => [...(i === 0 ? [] : ['']), `# ${what}`, run]),
    '```',
    '',
    `Ends with ${Object.entries(exits)
      .map(([code, says]) => `**${code}**: ${escaped(says)}`)
      .join(' ')}`,
    '',
    ...options(topic),
  ];
}

function options(topic: Topic): string[] {
  if (topic === 'config') return ['It takes the options of every command.', ''];
  const [command, action] = topic.split(' ') as [CommandName, string?]; // as a topic is written
  return [
    '| option | variable | default | |',
    '| --- | --- | --- | --- |',
    ...optionGroups(command, action).flatMap(({ title, names }) => [
      `| **${title}** | | | |`,
      ...names.map((name) => row(name, command)),
    ]),
    '',
  ];
}

function row(name: OptionName, command: CommandName): string {
  const file = fileVariable(name);
  const variables = [environmentName(name), ...(file === undefined ? [] : [file])];
  const cells = [
    `\`${flagOf(name, command)}\``,
    variables.map((variable) => `\`${variable}\``).join(', '),
    standardOf(name, command) ?? '',
    explain(name, command),
  ];
  return `| ${cells.map(escaped).join(' | ')} |`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
