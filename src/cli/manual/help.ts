/** Formats the output of `help` and `--help`. */
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import type { Screen } from '../../base/terminal.ts';
import { nearest } from '../nearest.ts';
import { explain, flagOf, optionGroups, optionIn, type OptionName, standardOf } from '../options.ts';
import type { CommandName } from '../options/option.ts';
import { commandGroups, manual, type Topic, topics } from './manual.ts';
import { mostUsed } from './most-used.ts';

const exitMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'Done.',
  1: 'Failed. The reason is printed to standard error.',
  2: 'Wrong usage or configuration. Every wrong value is named.',
  3: 'Done, but incomplete: rejected lines, missing pages.',
};

interface Layout {
  readonly heading: (title: string) => string;
  readonly wrapped: (text: string, indent: number) => string;
  readonly width: number;
  /** The command line that runs Rollcall, which replaces `rollcall` in examples. */
  readonly program: string;
}

export interface HelpRequest {
  /** A command and possibly its action; empty for the overview. */
  readonly words: readonly string[];
  /** True for `COMMAND --help`, which shows the most used options; `help COMMAND` shows all. */
  readonly isShort?: boolean;
}

/**
 * Formats the help.
 *
 * @param environment `NO_COLOR` and `TERM` are respected.
 * @param program The command line that runs Rollcall.
 * @throws UsageError
 */
export function helpOn(
  { words, isShort = false }: HelpRequest,
  screen: Screen,
  environment: NodeJS.ProcessEnv,
  program = 'rollcall',
): string {
  const { isTTY = false, columns = 80 } = screen;
  const isPlain = !isTTY || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const width = isTTY ? Math.min(Math.max(columns, 40), 100) : 80;
  const layout: Layout = {
    heading: (title) => (isPlain ? title : `\u001b[1m${title}\u001b[22m`),
    wrapped(text, indent) {
      const lines = new RegExp(`.{1,${width - indent}}(?: |$)|\\S+ ?`, 'g');
      return text.replace(lines, (line) => `${' '.repeat(indent)}${line.trimEnd()}\n`);
    },
    width,
    program,
  };
  if (words.length === 0) return overview(layout);
  // Further words are operands of the command.
  const topic = [words.slice(0, 2).join(' '), words[0] ?? ''].find(isTopic);
  if (topic !== undefined) return isShort ? shortHelp(topic, layout) : commandHelp(topic, layout);
  const near = nearest(words[0] ?? '', topics);
  throw new UsageError([
    `help ${words[0]}: there is no such command.${near === undefined ? '' : ` Did you mean ${near}?`} See rollcall --help.`,
  ]);
}

function isTopic(text: string): text is Topic {
  return Object.hasOwn(manual, text);
}

/** Formats the overview on one screen: 24 lines including the prompt. */
function overview({ heading, wrapped, program }: Layout): string {
  const groups = Object.entries(commandGroups).map(([title, commands]) => {
    const rows = commands.map((command) => `  ${command.padEnd(12)}${manual[command].does}\n`);
    return `${heading(title)}\n${rows.join('')}`;
  });
  return [
    wrapped('Rollcall keeps Microsoft Teams call records and serves them as Microsoft Graph.', 0),
    `${heading('Usage')}: ${program} COMMAND [OPTION…]\n`,
    ...groups,
    '\n',
    wrapped('Run COMMAND --help for a summary, help COMMAND for every option, or --version.', 0),
  ].join('');
}

const optionSources =
  'An option may also be a variable (--tls-cert is ROLLCALL_TLS_CERT) or a member of the JSON file of --config ({ "port": 8080 }). The command line has precedence over variables, variables over the file.';

function commandHelp(topic: Topic, layout: Layout): string {
  const { heading, wrapped } = layout;
  const { text, exits: own = {}, examples } = manual[topic];
  return [
    `${heading('Usage')}: ${synopsis(topic)}\n`,
    wrapped(`${sentence(topic)} ${text}`, 0),
    `${heading('Options')}\n${optionsHelp(topic, layout)}\n${wrapped(optionSources, 2)}`,
    exits(layout, own),
    `${heading('Examples')}\n${examplesHelp(Object.entries(examples), layout)}`,
  ].join('\n');
}

/** Formats one screen: the synopsis, the most used options and two examples. */
function shortHelp(topic: Topic, layout: Layout): string {
  const { heading, wrapped, program } = layout;
  const { examples } = manual[topic];
  const used = mostUsed[topic];
  return [
    `${heading('Usage')}: ${synopsis(topic)}\n`,
    wrapped(`${sentence(topic)} ${firstSentence(manual[topic].text)}`, 0),
    ...(used.length === 0 ? [] : [`${heading('Options')}\n${briefOptions(topic, used, layout)}`]),
    `${heading('Examples')}\n${examplesHelp(Object.entries(examples).slice(0, 2), layout)}`,
    wrapped(`${program} help ${topic} shows every option.`, 0),
  ].join('\n');
}

const longestNote = 40;

/** Formats flags with the first sentence of their help in columns. */
function briefOptions(topic: Topic, names: readonly OptionName[], { wrapped }: Layout): string {
  const [command] = topic.split(' ') as [CommandName]; // the form of a topic
  const flags = names.map((name) => flagOf(name, command));
  const indent = Math.max(...flags.map((flag) => flag.length)) + 4;
  const rows = names.map((name, i) => {
    const { help, brief } = optionIn(name, command);
    const standard = standardOf(name, command) ?? '';
    // A long default does not fit here; `help COMMAND` shows it.
    const note = standard === '' || standard.length > longestNote ? '' : ` (${standard})`;
    const text = `${brief ?? firstClause(help)}${note}`;
    return `  ${flags[i]!.padEnd(indent - 2)}${wrapped(text, indent).trimStart()}`; // each name has a flag
  });
  return rows.join('');
}

/** Formats examples. Long commands continue on the next line and can be pasted into a shell. */
function examplesHelp(
  examples: readonly (readonly [run: string, does: string])[],
  { wrapped, width, program }: Layout,
): string {
  return examples
    .map(([run, does]) => {
      const command = run.replaceAll(/(?<=^|[|(] ?|&& |[a-z] )rollcall (?=[a-z])/g, `${program} `);
      return `${wrapped(`# ${does}`, 2)}  ${continued(command, width - 4)}\n`;
    })
    .join('\n');
}

/** Breaks a command before its options when the line is too short. */
function continued(command: string, width: number): string {
  const lines: string[] = [];
  for (const part of command.split(/ (?=--[a-z])/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < width - 2)
      lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(lines.length === 0 ? part : `    ${part}`);
  }
  return lines.join(' \\\n  ');
}

/** Formats the exit codes. @param own Those of a command, which documents 3 only if it uses it. */
function exits({ heading, wrapped }: Layout, own: Readonly<Partial<Record<ExitCode, string>>>): string {
  const codes = Object.values(exitCodes).filter((code) => code !== exitCodes.incomplete || code in own);
  const rows = codes.map((code) =>
    wrapped(own[code] ?? exitMeanings[code], 6).replace(/^ {5}/, `  ${code}  `),
  );
  return `${heading('Exit codes')}\n${rows.join('')}`;
}

/** Returns the synopsis: `rollcall import [OPTION…] PATH…`. */
export function synopsis(topic: Topic): string {
  const { operands } = manual[topic];
  return `rollcall ${topic} [OPTION…]${operands === undefined ? '' : ` ${operands}`}`;
}

/** Returns the text up to the first full stop or semicolon, without it. */
function firstClause(text: string): string {
  return /^.*?(?=[.;](?: |$)|$)/.exec(text)?.[0] ?? text;
}

/** Returns the text up to the first full stop. */
function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}

/** Returns what a command does, as a sentence. */
export function sentence(topic: Topic): string {
  const { does } = manual[topic];
  return `${does.slice(0, 1).toUpperCase()}${does.slice(1)}.`;
}

function optionsHelp(topic: Topic, { wrapped }: Layout): string {
  if (topic === 'config') return wrapped('It takes the options of every command, and shows them.', 2);
  const [command, action] = topic.split(' ') as [CommandName, string?]; // the form of a topic
  const groups = optionGroups(command, action).map(({ title, names }) => {
    const rows = names.map((name) => {
      const standard = standardOf(name, command);
      const text = `${explain(name, command)}${standard === undefined ? '' : ` Default: ${standard}.`}`;
      return `    ${flagOf(name, command)}\n${wrapped(text, 8)}`;
    });
    return `  ${title}\n${rows.join('')}`;
  });
  return groups.join('\n');
}
