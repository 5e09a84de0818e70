/** A page of the manual as sections, which a terminal and man(1) lay out each in their way. */
import { exitCodes } from '../exit.ts';
import { environmentName, optionGroups, optionIn, type OptionName } from '../options.ts';
import type { CommandName } from '../options/option.ts';
import { fileVariable } from '../secret-files.ts';
import { type Example, type Manual, type Topic, wrongUsage } from './manual.ts';
import { isAction, manual, topics } from './topics.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'heading'; readonly text: string }
  /** What is explained, and the explanation. */
  | { readonly kind: 'item'; readonly term: string; readonly text: string }
  /** A command as it is pasted, after what it does. */
  | { readonly kind: 'example'; readonly does: string; readonly run: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  /** As man(1) finds it: `rollcall-store-copy`. */
  readonly name: string;
  readonly does: string;
  readonly sections: readonly Section[];
}

const text = (words: string): Block => ({ kind: 'text', text: words });
const item = (term: string, words: string): Block => ({ kind: 'item', term, text: words });
const example = ({ does, run }: Example): Block => ({ kind: 'example', does, run });

/** The name of the program's own page. */
const program = 'rollcall';
const programDoes = 'keep the roll of every call, and serve it as the Microsoft Graph call-records API';

export function overviewPage(): Page {
  return page(program, programDoes, [
    { title: 'SYNOPSIS', blocks: [text('rollcall COMMAND [OPTION…]'), text('rollcall help [COMMAND]')] },
    {
      title: 'DESCRIPTION',
      blocks: [
        text(
          'Rollcall keeps who took part in every call, when and by which means, and proves that it is whole. It speaks the call-records API, so whatever already talks to Microsoft Graph talks to Rollcall by changing a base URL.',
        ),
        text('rollcall COMMAND --help says more of each command.'),
      ],
    },
    {
      title: 'COMMANDS',
      blocks: topics
        .filter((topic) => !isAction(topic))
        .map((topic) => item(topic, sentence(manual[topic].does))),
    },
    {
      title: 'OPTIONS',
      blocks: [
        item('--help', 'Show this, or after a command its page.'),
        item('--version', 'Print the version.'),
      ],
    },
    exits({
      0: 'Done.',
      1: 'Failed; why, is told on standard error.',
      2: wrongUsage,
      3: 'Done, but incomplete: lines that were not taken, pages that are missing.',
    }),
    {
      title: 'ENVIRONMENT',
      blocks: [
        item(
          'ROLLCALL_NAME',
          'Every option may stand in a variable: --tls-cert is ROLLCALL_TLS_CERT. The command line wins over the environment, the environment over the file of --config.',
        ),
        item('ROLLCALL_NAME_FILE', 'A file that holds the value, for options that are or hold a secret.'),
        item('NO_COLOR', 'Where it is set, help on a terminal is plain.'),
      ],
    },
    {
      title: 'FILES',
      blocks: [
        item('./rollcall-data/rollcall.db', 'The store, unless --store names another.'),
        item('FILE of --config', 'A JSON object of options by name: { "port": 8080 }.'),
      ],
    },
    {
      title: 'EXAMPLES',
      blocks: [
        { does: 'A server for developing.', run: 'rollcall dev' },
        { does: 'What a command takes.', run: 'rollcall help sync' },
      ].map(example),
    },
    {
      title: 'SEE ALSO',
      blocks: [
        text(topics.map((topic) => `${pageName(topic)}(1)`).join(', ')),
        text('docs/options.md, docs/operating.md and docs/keeping.md in the folder of the program.'),
      ],
    },
  ]);
}

export function topicPage(topic: Topic): Page {
  const { does, description, files, environment, examples, ...rest }: Manual = manual[topic];
  const items = (title: string, rows: Manual['files']): readonly Section[] =>
    rows === undefined ? [] : [{ title, blocks: rows.map(([term, words]) => item(term, words)) }];
  return page(pageName(topic), does, [
    { title: 'SYNOPSIS', blocks: [text(synopsis(topic))] },
    { title: 'DESCRIPTION', blocks: description.map(text) },
    { title: 'OPTIONS', blocks: optionBlocks(topic) },
    exits(rest.exits),
    ...items('ENVIRONMENT', environment),
    ...items('FILES', files),
    { title: 'EXAMPLES', blocks: examples.map(example) },
    { title: 'SEE ALSO', blocks: [text(rest.seeAlso.map(reference).join(', '))] },
  ]);
}

function page(name: string, does: string, sections: readonly Section[]): Page {
  return { name, does, sections: [{ title: 'NAME', blocks: [text(`${name} - ${does}`)] }, ...sections] };
}

/** `rollcall sync [OPTION…]`. */
export function synopsis(topic: Topic): string {
  const { operands } = manual[topic];
  return `${program} ${topic} [OPTION…]${operands === undefined ? '' : ` ${operands}`}`;
}

function pageName(topic: Topic): string {
  return `${program}-${topic.replace(' ', '-')}`;
}

function reference(to: Manual['seeAlso'][number]): string {
  return to.startsWith('docs/') ? to : `${pageName(to as Topic)}(1)`; // what is no page of the documentation
}

/** Every page there is. */
export function pages(): readonly Page[] {
  return [overviewPage(), ...topics.map(topicPage)];
}

function exits(codes: Manual['exits']): Section {
  const blocks = Object.values(exitCodes).flatMap((code) => {
    const says = codes[code];
    return says === undefined ? [] : [item(String(code), says)];
  });
  return { title: 'EXIT STATUS', blocks };
}

/** What does it, as a sentence. */
export function sentence(does: string): string {
  return `${does.slice(0, 1).toUpperCase()}${does.slice(1)}.`;
}

function optionBlocks(topic: Topic): readonly Block[] {
  if (topic === 'config')
    return [
      text(
        'Those of every command; they are shown, and do nothing else. rollcall COMMAND --help says what each does.',
      ),
    ];
  const [command, action] = topic.split(' ') as [CommandName, string?]; // as a topic is written
  return optionGroups(command, action).flatMap(({ title, names }) => [
    { kind: 'heading', text: title },
    ...names.map((name) => item(flagOf(name, command), tell(name, command))),
  ]);
}

/** `--port NUMBER`. */
export function flagOf(name: OptionName, command: CommandName): string {
  const { value } = optionIn(name, command);
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** What holds when it is absent; `undefined` where nothing does, as of a switch. */
export function standardOf(name: OptionName, command: CommandName): string | undefined {
  const { standard, default: fallback } = optionIn(name, command);
  if (standard !== undefined) return standard;
  return Array.isArray(fallback) ? fallback.join(', ') : fallback?.toString();
}

/** What it does and which values it takes. */
export function explain(name: OptionName, command: CommandName): string {
  const { kind, help, choices, takesOne } = optionIn(name, command);
  const oneOf = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  return `${help}${oneOf}${kind === 'list' && takesOne !== true ? ' Repeatable, or with commas.' : ''}`;
}

function tell(name: OptionName, command: CommandName): string {
  const standard = standardOf(name, command);
  const file = fileVariable(name);
  const variable = `Variable: ${environmentName(name)}${file === undefined ? '' : `, or a file that ${file} names`}.`;
  return `${explain(name, command)}${standard === undefined ? '' : ` Default: ${standard}.`} ${variable}`;
}
