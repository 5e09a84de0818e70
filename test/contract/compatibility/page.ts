/** docs/compatibility.md: the matrix as text, a list item for each row. */
import { resourceAt, resourceTemplates } from '../../../src/contract/resources.ts';
import { areas, nameOf } from './matrix.ts';
import { type Area, type Mark, markOf, type Row } from './row.ts';
import { wrapped } from '../../reference/wrapped.ts';

/** Messages of many rows, in short; the conventions explain them. */
const usualMessages = [
  {
    short: 'not supported',
    status: 400,
    pattern: /^The query option '\S+' is not supported by this resource\.$/,
    shown: "The query option '…' is not supported by this resource.",
  },
  {
    short: 'no segment',
    status: 400,
    pattern: /^Resource not found for the segment ('.*')\.$/,
    shown: "Resource not found for the segment '…'.",
  },
  {
    short: 'not found by key',
    status: 404,
    pattern: /^No \w+ of this \w+ has this key\.$/,
    shown: 'No participant (session, segment) of this call (session) has this key.',
  },
  {
    short: 'not allowed',
    status: 405,
    pattern: /^Specified HTTP method is not allowed for the request target\.$/,
    shown: 'Specified HTTP method is not allowed for the request target.',
  },
  {
    short: 'not emulated',
    status: 501,
    pattern:
      /^This emulator does not emulate '.*' of Microsoft Graph\. The response does not show what Graph does\.$/,
    shown:
      "This emulator does not emulate '…' of Microsoft Graph. The response does not show what Graph does.",
  },
] as const;

const introduction = `# Compatibility

Each row is a request that \`test/contract/compatibility.test.ts\` sends to a running server, the answer that it must
get, and a mark:

- **Observed**: a published report shows this answer of Graph on this API, with source and date.
- **Documented**: Microsoft's documentation or metadata, or the named standard, states this answer, or that this is not
  offered. Status and message of such a refusal are Rollcall's choice.
- **Ours**: no evidence, or Rollcall departs from it for the stated reason.

Evidence from other APIs or clients does not count (\`related\` in \`test/contract/compatibility/*.ts\`). Nobody asked
Graph for this page: to ask it, run the probe below.
`;

const probing = `## Ask Graph

In a clone, with your tenant's ID, your application's client ID and a file with its secret:

\`\`\`sh
npm run probe -- --tenant TENANT --client-id APPLICATION --client-secret-file secret.txt
\`\`\`

The probe sends each row whose answer depends on no record to Microsoft Graph, and prints how Graph's answers differ. The
application needs the permission \`CallRecords.Read.All\`. \`--help\` lists its options.

- It only reads, one request every 1.5 s, and waits as long as a 429 says.
- It prints nothing of a record, and masks unknown words of messages.
- Exit codes: 0 no differences, 1 failed or stopped early, 2 wrong usage, 3 differences.
`;

const conventions = `## The rows

Neighboring rows with the same answer and evidence are one item.

- \`…\` is \`/v1.0/communications/callRecords\`. \`/beta\` answers the same unless a row says otherwise.
- A row without a status is answered with 200. The code of a 400 is \`BadRequest\`, of a 404 \`NotFound\`, of a 405
  \`Request_BadRequest\`, of a 501 \`NotImplemented\`, unless named.
${usualMessages.map(({ short, status, shown }) => `- _${short}_ is ${status} and "${shown}"`).join('\n')}
- The server has three calls: \`call\` (2026-03-02 10:00:00, 140 participants, 70 sessions of two segments), \`o'neil\`
  (11:00:00.1234567) and \`alone\` (a day later, without lists), and rows of each log.
- \`{…}\` in a body stands for the members of the first body of the section, \`{endpoint}\` for a webhook, \`{id}\` for
  the subscription that exists before the request, marked \`(existing)\`.
- Other names in parentheses are servers with other options: \`emulator\` is \`dev\`, \`throttled\` the next request of
  \`dev --throttle on\`.
- "… (as 12)" ends as in item 12 of the section. '…' in a message is the value of the request's option.
- \`repository#number\` is an issue or pull request on GitHub; pnp/cli-microsoft365 are edited copies of live answers in
  its tests. The announcement of 2016 is "Supporting query parameters without $ prefixes in Microsoft Graph".
`;

export function formatMatrix(): string {
  const sections = areas.map((area) => formatArea(area));
  return [`${introduction}${formatCounts()}`, probing, formatClouds(), conventions, ...sections].join('\n');
}

function formatCounts(): string {
  const marks = areas.flatMap(({ rows }) => rows).map((row) => markOf(row));
  const count = (mark: Mark) => marks.filter((other) => other === mark).length;
  return `Of ${marks.length} rows, ${count('observed')} are observed, ${count('documented')} documented, ${count('ours')} ours.\n`;
}

/** What the model offers in each cloud, and what a later copy of the documentation says. */
function formatClouds(): string {
  const groups = Map.groupBy(resourceTemplates(), (template) => {
    const { clouds, laterClouds } = resourceAt(template)!; // the template of a resource
    const later = laterClouds === undefined ? '' : ` (copy of 2026-01: ${laterClouds.join(', ')})`;
    return `${clouds.join(', ')}${later}`;
  });
  const lines = [...groups].map(([clouds, templates]) =>
    wrapped('- ', `${clouds}: ${templates.map((template) => `\`${template}\``).join(', ')}.`),
  );
  return `## Clouds

\`--cloud\` offers what the reference pages of 2023 to 2025-07 say. A later copy of "List participants_v2" says more.

${lines.join('\n')}
`;
}

/** Rows that follow each other with the same answer and evidence are one item. */
function formatArea({ title, rows }: Area): string {
  const messages = createEarlier();
  const documentation = createEarlier();
  const evidence = createEarlierWhole();
  const items = grouped(rows).map((group, i) => {
    const number = i + 1;
    const row = group[0]!; // a group has one row or more
    return [
      wrapped(`${number}. `, `${group.map(nameOf).join(', ')}${answerOf(row, number, messages)}`),
      wrapped(' '.repeat(`${number}. `.length), evidence(evidenceOf(row, number, documentation), number)),
    ].join('\n');
  });
  return [`### ${title}`, '', ...items, ''].join('\n');
}

function grouped(rows: readonly Row[]): readonly (readonly Row[])[] {
  const groups: Row[][] = [];
  let last: string | undefined;
  for (const row of rows) {
    const { documented, observed, departs, note } = row;
    const shown = JSON.stringify([answerOf(row, 0, asIs), documented, observed, departs, note]);
    if (shown === last) groups.at(-1)!.push(row);
    else groups.push([row]);
    last = shown;
  }
  return groups;
}

const asIs: Earlier = (text) => text;

/** Refers to the evidence of an earlier row of the section if all of it is the same. */
function createEarlierWhole(): Earlier {
  const known = new Map<string, number>();
  return (text, number) => {
    const mark = /^\*\*[A-Z][a-z]+\*\*/.exec(text)?.[0] ?? '';
    const other = known.get(text);
    if (other === undefined) known.set(text, number);
    return other === undefined || text.split(' ').length < 4 ? text : `${mark}: As ${other}.`;
  };
}

/** Shortens a text that ends like one of an earlier row of the section. */
type Earlier = (text: string, number: number) => string;

const fewestRepeatedWords = 5;

function createEarlier(): Earlier {
  const known: { readonly words: readonly string[]; readonly number: number }[] = [];
  return (text, number) => {
    const words = text.split(/\s+/);
    for (const other of known) {
      const repeated = sharedEnd(words, other.words);
      if (repeated < fewestRepeatedWords) continue;
      const begin = words.slice(0, words.length - repeated).join(' ');
      return begin === '' ? `as ${other.number}` : `${begin} … (as ${other.number})`;
    }
    known.push({ words, number });
    return words.join(' ');
  };
}

/** Returns how many words at the end of both are the same. */
function sharedEnd(words: readonly string[], others: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(words.length, others.length) && words.at(-1 - shared) === others.at(-1 - shared))
    shared++;
  return shared;
}

const usualCodes: Readonly<Partial<Record<number, string>>> = {
  400: 'BadRequest',
  404: 'NotFound',
  405: 'Request_BadRequest',
  501: 'NotImplemented',
};

/** Returns what follows the request: nothing but the end of the sentence for a 200. */
function answerOf({ status, code, message, request }: Row, number: number, messages: Earlier): string {
  if (status === 200 && message === undefined) return '.';
  const usual = usualMessages.find((each) => status === each.status && each.pattern.test(message ?? ''));
  if (usual !== undefined) {
    const segment = usual.pattern.exec(message ?? '')?.[1];
    return ` _${usual.short}_${segment === undefined ? '' : ` ${segment}`}.`;
  }
  const described =
    code === undefined || code === usualCodes[status] ? ` ${status}` : ` ${status} \`${code}\``;
  if (message === undefined) return `${described}.`;
  if (message === '') return `${described}, no message.`;
  return `${described}: ${sentence(messages(withoutEcho(message, request), number))}`;
}

/** Shortens what a message quotes of the value of the request's option. */
function withoutEcho(message: string, request: string): string {
  const value = request.slice(request.indexOf('=') + 1).split('&')[0]!; // split gives one part or more
  return value.includes(' ') ? message.replace(`'${value}'`, () => "'…'") : message;
}

/** The mark with its evidence first, then what else is known and what Rollcall does. */
function evidenceOf(row: Row, number: number, documentation: Earlier): string {
  const { documented, observed, departs, note } = row;
  const saw = observed && `${observed.saw} (${observed.source}, ${observed.date})`;
  const isOurs = markOf(row) === 'ours';
  return [
    isOurs && (departs === undefined ? '**Ours**' : `**Ours**: ${departs}`),
    saw !== undefined && `${isOurs ? 'Observed' : '**Observed**'}: ${saw}`,
    documented !== undefined &&
      `${markOf(row) === 'documented' ? '**Documented**' : 'Documented'}: ${documentation(documented, number)}`,
    note,
  ]
    .filter((part) => part !== undefined && part !== false)
    .map((part) => sentence(part))
    .join(' ');
}

function sentence(text: string): string {
  const ended = text.endsWith('.') ? text : `${text}.`;
  return ended.replace(
    /^(\*{0,2}[A-Z][a-z]+\*{0,2}: )([a-z])/,
    (_all, lead: string, first: string) => lead + first.toUpperCase(),
  );
}
