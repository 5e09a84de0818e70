/** What `help` and `--help` print. */
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import type { Screen } from '../../base/terminal.ts';
import { nearest } from '../nearest.ts';
import { explain, flagOf, optionGroups, standardOf } from '../options.ts';
import type { CommandName } from '../options/option.ts';
import { isAction, manual, type Topic, topics } from './manual.ts';

const exitMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'Done.',
  1: 'Failed. The reason is printed to standard error.',
  2: 'Wrong usage or configuration. Every wrong value is named.',
  3: 'Done, but incomplete: rejected lines, missing pages.',
};

interface Layout {
  readonly heading: (title: string) => string;
  readonly wrapped: (text: string, indent: number) => string;
}

/**
 * @param words A command, and an action of it; neither for the overview.
 * @param environment `NO_COLOR` and `TERM` are respected.
 * @throws UsageError
 */
export function helpOn(words: readonly string[], screen: Screen, environment: NodeJS.ProcessEnv): string {
  const { isTTY = false, columns = 80 } = screen;
  const isPlain = !isTTY || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const width = isTTY ? Math.min(Math.max(columns, 40), 100) : 80;
  const layout: Layout = {
    heading: (title) => (isPlain ? title : `\u001b[1m${title}\u001b[22m`),
    wrapped(text, indent) {
      const lines = new RegExp(`.{1,${width - indent}}(?: |$)|\\S+ ?`, 'g');
      return text.replace(lines, (line) => `${' '.repeat(indent)}${line.trimEnd()}\n`);
    },
  };
  if (words.length === 0) return overview(layout);
  // Further words are operands of the command.
  const topic = [words.slice(0, 2).join(' '), words[0] ?? ''].find(isTopic);
  if (topic !== undefined) return commandHelp(topic, layout);
  const near = nearest(words[0] ?? '', topics);
  throw new UsageError([
    `help ${words[0]}: there is no such command.${near === undefined ? '' : ` Did you mean ${near}?`} See rollcall --help.`,
  ]);
}

function isTopic(text: string): text is Topic {
  return Object.hasOwn(manual, text);
}

function overview({ heading, wrapped }: Layout): string {
  const inOtherPlaces =
    'An option may also be a variable (--tls-cert is ROLLCALL_TLS_CERT) or a member of the JSON file of --config ({ "port": 8080 }). The command line has precedence over variables, variables over the file.';
  const commands = topics.filter((topic) => !isAction(topic));
  return [
    `${heading('Usage')}: rollcall COMMAND [OPTION…], or rollcall help [COMMAND]\n`,
    wrapped(
      'Rollcall keeps who took part in every call, proves that the record is complete, and serves it as the Microsoft Graph call-records API.',
      0,
    ),
    `${heading('Commands')}\n${commands.map((topic) => `  ${topic.padEnd(12)}${manual[topic].does}\n`).join('')}`,
    `${heading('Options')}\n  --help      show this, or the help of a command\n  --version   print the version\n${wrapped(inOtherPlaces, 2)}`,
    exits({ heading, wrapped }, exitMeanings),
    wrapped('See docs/options.md for all options. rollcall COMMAND --help describes a command.', 0),
  ].join('\n');
}

function commandHelp(topic: Topic, layout: Layout): string {
  const { heading, wrapped } = layout;
  const { text, exits: own = {}, examples } = manual[topic];
  return [
    `${heading('Usage')}: ${synopsis(topic)}\n`,
    wrapped(`${sentence(topic)} ${text}`, 0),
    `${heading('Options')}\n${optionsHelp(topic, layout)}`,
    exits(layout, own),
    `${heading('Examples')}\n${Object.entries(examples)
      .map(([run, does]) => `${wrapped(`# ${does}`, 2)}  ${run}\n`)
      .join('\n')}`,
  ].join('\n');
}

/** @param own Of a command, which ends with 3 only where that has a meaning of its own. */
function exits({ heading, wrapped }: Layout, own: Readonly<Partial<Record<ExitCode, string>>>): string {
  const codes = Object.values(exitCodes).filter((code) => code !== exitCodes.incomplete || code in own);
  const rows = codes.map((code) =>
    wrapped(own[code] ?? exitMeanings[code], 6).replace(/^ {5}/, `  ${code}  `),
  );
  return `${heading('Exit codes')}\n${rows.join('')}`;
}

/** `rollcall import [OPTION…] PATH…`. */
export function synopsis(topic: Topic): string {
  const { operands } = manual[topic];
  return `rollcall ${topic} [OPTION…]${operands === undefined ? '' : ` ${operands}`}`;
}

/** What a command does, as a sentence. */
export function sentence(topic: Topic): string {
  const { does } = manual[topic];
  return `${does.slice(0, 1).toUpperCase()}${does.slice(1)}.`;
}

function optionsHelp(topic: Topic, { wrapped }: Layout): string {
  if (topic === 'config') return wrapped('It takes the options of every command, and shows them.', 2);
  const [command, action] = topic.split(' ') as [CommandName, string?]; // as a topic is written
  const groups = optionGroups(command, action).map(({ title, names }) => {
    const rows = names.map((name) => {
      const standard = standardOf(name, command);
      const told = `${explain(name, command)}${standard === undefined ? '' : ` Default: ${standard}.`}`;
      return `    ${flagOf(name, command)}\n${wrapped(told, 8)}`;
    });
    return `  ${title}\n${rows.join('')}`;
  });
  return groups.join('\n');
}
