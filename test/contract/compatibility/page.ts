/** docs/compatibility.md: the matrix as text, a list item for each row. */
import { resourceAt, resourceTemplates } from '../../../src/contract/resources.ts';
import { areas, nameOf } from './matrix.ts';
import { type Area, type Mark, markOf, type Row } from './row.ts';
import { wrapped } from '../../reference/wrapped.ts';

const introduction = `# Compatibility

Each row is a request that \`test/contract/compatibility.test.ts\` sends to a running server, the answer that it must
get, and a mark:

- **Observed**: a published report shows this answer of Graph on this API, with source and date.
- **Documented**: Microsoft's documentation or metadata, or the named standard, states this answer, or that this is not
  offered. Status and message of such a refusal are Rollcall's choice.
- **Ours**: no evidence, or Rollcall departs from it for the stated reason.

_Related_ is evidence from other APIs or clients; it does not count for the mark. An observation is as old as its date:
nobody asked Graph for this page. To ask it, run the probe below.

`;

const probing = `## Ask Graph

In a clone, with your tenant's ID, your application's client ID and a file with its secret:

\`\`\`sh
npm run probe -- --tenant TENANT --client-id APPLICATION --client-secret-file secret.txt
\`\`\`

The probe sends each row whose answer depends on no record to Microsoft Graph, and prints how Graph's answers differ
from Rollcall's. The application needs the permission \`CallRecords.Read.All\`. \`--help\` lists its options.

- It only reads: GET, HEAD and OPTIONS, one request every 1.5 s. It waits as long as a 429 says.
- It prints nothing of a record: status, code, names of headers and of members of the envelope, and the message with
  unknown words masked.
- Exit codes: 0 no differences, 1 failed or stopped early, 2 wrong usage, 3 differences.
`;

const conventions = `## The rows

- \`…\` is \`/v1.0/communications/callRecords\`. \`/beta\` answers the same unless a row says otherwise.
- The server has three calls: \`call\` (2026-03-02 10:00:00, 140 participants, 70 sessions of two segments), \`o'neil\`
  (11:00:00.1234567) and \`alone\` (a day later, only the call itself was received), and rows of each log.
- \`{…}\` in a body stands for the members of the first body of the section, \`{endpoint}\` for a webhook, \`{id}\` for the
  existing subscription.
- The code of a 400 is \`BadRequest\`, of a 404 \`NotFound\`, of a 405 \`Request_BadRequest\`, unless named.
- \`(server: …)\` is a server with other options; \`emulator\` is \`dev\`.
- "… (as 12)" ends as in row 12 of the section.
- \`repository#number\` is an issue or pull request on GitHub. pnp/cli-microsoft365 are bodies in the tests of CLI for
  Microsoft 365, lightly edited copies of live answers. The announcement of 2016 is "Supporting query parameters without
  $ prefixes in Microsoft Graph".
`;

export function formatMatrix(): string {
  const sections = areas.map((area) => formatArea(area));
  return [`${introduction}${formatCounts()}`, probing, formatClouds(), conventions, ...sections].join('\n');
}

function formatCounts(): string {
  const head = ['| area | observed | documented | ours | rows |', '| --- | --- | --- | --- | --- |'];
  const line = (title: string, rows: readonly Row[]) => {
    const count = (mark: Mark) => rows.filter((row) => markOf(row) === mark).length;
    return `| ${title} | ${count('observed')} | ${count('documented')} | ${count('ours')} | ${rows.length} |`;
  };
  const all = areas.flatMap(({ rows }) => rows);
  return [...head, ...areas.map(({ title, rows }) => line(title, rows)), line('**all**', all), ''].join('\n');
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

\`--cloud\` offers what the reference pages said that Rollcall was made from (2023 to 2025-07). A later copy of "List
participants_v2" says more.

${lines.join('\n')}
`;
}

function formatArea({ title, rows }: Area): string {
  const messages = createEarlier();
  const documentation = createEarlier();
  const items = rows.map((row, i) => {
    const number = i + 1;
    const text = `${nameOf(row)} → ${answerOf(row, number, messages)}`;
    return [
      wrapped(`${number}. `, text),
      wrapped(' '.repeat(`${number}. `.length), evidenceOf(row, number, documentation)),
    ].join('\n');
  });
  return [`### ${title}`, '', ...items, ''].join('\n');
}

/** Shortens a text that ends like one of an earlier row of the section. */
type Earlier = (text: string, number: number) => string;

const fewestRepeatedWords = 7;

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
};

function answerOf({ status, code, message }: Row, number: number, messages: Earlier): string {
  const described = code === undefined || code === usualCodes[status] ? `${status}` : `${status} \`${code}\``;
  if (message === undefined) return `${described}.`;
  return message === ''
    ? `${described}, no message.`
    : `${described}: ${sentence(messages(message, number))}`;
}

/** The mark with its evidence first, then what else is known and what Rollcall does. */
function evidenceOf(row: Row, number: number, documentation: Earlier): string {
  const { documented, observed, related, departs, note } = row;
  const saw = observed && `${observed.saw} (${observed.source}, ${observed.date})`;
  const isOurs = markOf(row) === 'ours';
  return [
    isOurs && (departs === undefined ? '**Ours**' : `**Ours**: ${departs}`),
    saw !== undefined && `${isOurs ? 'Observed' : '**Observed**'}: ${saw}`,
    documented !== undefined &&
      `${markOf(row) === 'documented' ? '**Documented**' : 'Documented'}: ${documentation(documented, number)}`,
    related !== undefined && `Related: ${related}`,
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
