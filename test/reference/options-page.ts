/** docs/options.md: every command with its options, their values, defaults and variables. */
import { type CommandHelp, commands } from '../../src/cli/help.ts';
import {
  type CommandName,
  environmentName,
  type OptionName,
  optionsOf,
  optionTable,
} from '../../src/cli/options.ts';

const introduction = `# Commands and options

Every option is a flag (\`--port 8080\`), a variable (\`ROLLCALL_PORT=8080\`) or a member of the JSON file that \`--config\`
names (\`{ "port": 8080 }\`); flags win over variables, variables over the file. \`rollcall config\` shows what holds, and
where it comes from. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but incomplete.
`;

export function optionsPage(): string {
  const names = Object.keys(commands) as CommandName[]; // the table's own keys
  return [introduction, ...names.flatMap((name) => section(name, commands[name]))].join('\n');
}

function section(name: CommandName, { does, operands, examples }: CommandHelp): string[] {
  return [
    `## ${name}`,
    '',
    `\`rollcall ${name} [OPTION…]${operands === undefined ? '' : ` ${operands}`}\`: ${does}`,
    '',
    '```text',
    ...examples,
    '```',
    '',
    '| option | variable | default | |',
    '| --- | --- | --- | --- |',
    ...optionsOf(name).map(row),
    '',
  ];
}

function row(name: OptionName): string {
  const { value, choices, default: fallback, help } = optionTable[name];
  const text = Array.isArray(fallback) ? fallback.join(',') : fallback;
  const standard = text === undefined || text === false ? '' : `\`${String(text)}\``;
  const oneOf = choices === undefined ? '' : ` One of ${choices.map((one) => `\`${one}\``).join(', ')}.`;
  const flag = value === undefined ? `--${name}` : `--${name} ${value}`;
  return `| \`${flag}\` | \`${environmentName(name)}\` | ${standard} | ${escaped(help)}${oneOf} |`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
