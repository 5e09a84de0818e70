/** The whole matrix, and its text: docs/compatibility.md. */
import { resourceAt, resourceTemplates } from '../../../src/contract/resources.ts';
import { call } from './call.ts';
import { calls } from './calls.ts';
import { clouds } from './clouds.ts';
import { logFunctions } from './logs.ts';
import { parts } from './parts.ts';
import { type Area, type Mark, markOf, type Row } from './row.ts';
import { requests } from './requests.ts';
import { subscribing } from './subscribing.ts';
import { subscriptions } from './subscriptions.ts';
import { representations, service } from './service.ts';
import { unemulatedAreas } from './unemulated.ts';

export const areas: readonly Area[] = [
  calls,
  call,
  parts,
  logFunctions,
  subscriptions,
  subscribing,
  requests,
  representations,
  service,
  unemulatedAreas,
  clouds,
];

/** What the table of an area shows of a long request or message; the note below it has the whole. */
const cellLength = 80;

const introduction = `# Compatibility

Each row is a request that \`test/contract/compatibility.test.ts\` sends to a running server, and the answer that it
must get. The rows write this page (\`npm run docs\`), and a test compares the two. Each row has a mark:

- **observed**: a published report shows such an answer of Graph, of this API. The note has the source and the date.
- **documented**: Microsoft's documentation or metadata, or the standard that the note names (OData, an RFC), says what
  is answered, or that this is not offered. Status and words of such a refusal are Rollcall's choice.
- **ours**: there is no evidence. The answer is strict, in OData's terms and in words close to Graph's. A row that
  departs from what is known says why.

No Graph was asked for this page: the observations are other people's, and they are as old as their dates. To ask one
yourself, run the probe below.
`;

const probing = `## Ask Graph

In a clone of the repository:

\`\`\`sh
npm run probe -- --tenant TENANT --client-id APPLICATION --client-secret-file secret.txt
\`\`\`

sends each row whose answer depends on no record to Microsoft Graph, and prints how Graph's answers differ from
Rollcall's. The application needs the permission \`CallRecords.Read.All\`; the credentials are those of \`rollcall sync\`.

- It only reads. It sends GET, HEAD and OPTIONS, one request every 1.5 s, and waits as long as a 429 says. Rows that
  create, change or delete are not sent, even where Graph would refuse them, nor are rows about batches or about other
  APIs of Graph.
- It prints nothing of a record: status, code, the names of headers and of members of the envelope, and the message with
  every word masked that neither the request nor these pages have. Keys become one that no call has. Lists and logs are
  read, since their status and envelope are compared, and dropped.
- \`--json\` prints what each row's answer was as an \`observed\` of the matrix, with source and date. \`--base URL\` asks
  another service, such as another Rollcall, and \`--authority URL\` takes the token elsewhere.
- Exit codes: 0 no differences, 1 failed or stopped early, 2 wrong usage, 3 differences.

Its tests run it against \`dev\`, without a difference, and against a server that differs on purpose.
`;

const fixtureText = `\`…\` stands for \`/v1.0/communications/callRecords\`; \`/beta\` answers the same where nothing else is said. The server
holds three calls (\`call\`: 140 participants, 70 sessions of two segments; \`o'neil\`; \`alone\`: only the call itself
was received) and rows of each log. \`{…}\` in a body stands for the members that the first body of the section has,
\`{endpoint}\` for a webhook, \`{id}\` for the subscription that exists.
`;

export function formatMatrix(): string {
  const texts = areas.map((area) => formatArea(area));
  return [introduction, formatCounts(), probing, formatClouds(), `## The rows\n`, fixtureText, ...texts].join(
    '\n',
  );
}

/** What the model offers in each cloud, and what a later copy of the page says. */
function formatClouds(): string {
  const lines = resourceTemplates().map((template) => {
    const { clouds, laterClouds } = resourceAt(template)!; // the template of a resource
    return `| \`${template}\` | ${clouds.join(', ')} | ${laterClouds?.join(', ') ?? ''} |`;
  });
  return [
    '## Clouds',
    '',
    'The first column holds: it is of the copies of the reference pages that Rollcall was made from (2023 to 2025-07). The',
    'second is what the copy of "List participants_v2" of 2026-01 says, where it differs.',
    '',
    ...['| below the version | `--cloud` | later copy |', '| --- | --- | --- |', ...lines, ''],
  ].join('\n');
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

function formatArea({ title, rows }: Area): string {
  const head = ['|   | mark | request | answer |', '| --- | --- | --- | --- |'];
  const table = rows.map((row, i) => formatRow(row, i + 1));
  const notes = rows
    .map((row) => noteOf(row))
    .map((note, i) => (note === '' ? '' : `- **${i + 1}.** ${note}`));
  return [`### ${title}`, '', ...head, ...table, '', ...notes.filter((note) => note !== ''), ''].join('\n');
}

function formatRow(row: Row, number: number): string {
  return `| ${number} | ${markOf(row)} | ${cell(code(cut(askedOf(row))))} | ${cell(cut(answerOf(row)))} |`;
}

function answerOf({ status, code: name, message }: Row): string {
  const described = name === undefined ? `${status}` : `${status} \`${name}\``;
  if (message === undefined) return described;
  return message === '' ? `${described}, no message` : `${described}: ${message}`;
}

/** What the table has no room for: the whole request or message, the evidence, and what Rollcall does. */
function noteOf(row: Row): string {
  const { documented, observed, related, departs, note, message = '' } = row;
  const isCut = (text: string) => cut(text) !== text;
  return [
    isCut(askedOf(row)) && code(askedOf(row)),
    isCut(answerOf(row)) && `Message: ${message}`,
    documented !== undefined && `Documented: ${documented}`,
    observed && `Observed: ${observed.saw} (${observed.source}, ${observed.date})`,
    related !== undefined && `Related: ${related}`,
    note,
    departs,
  ]
    .filter((part) => part !== undefined && part !== false)
    .map((part) => (part.endsWith('.') ? part : `${part}.`))
    .join(' ');
}

/** A row in short: also the name of its test. */
export function nameOf(row: Row): string {
  return `\`${askedOf(row)}\``;
}

function askedOf(row: Row): string {
  const { method = 'GET', request, headers = {}, body, server, subscribed } = row;
  const given = Object.entries(headers).filter(([name]) => name !== 'content-type');
  return [
    ...(method === 'GET' ? [] : [method]),
    request,
    ...given.map(([name, value]) => `${name}: ${value || '(none)'}`),
    ...(body === undefined ? [] : [shortBody(row)]),
    ...(subscribed === undefined ? [] : ['(when one exists)']),
    ...(server === undefined ? [] : [`(server: ${server})`]),
  ].join(' ');
}

function shortBody({ body, likeBody = {} }: Row): string {
  const members = Object.entries(body as object).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(likeBody[name]),
  );
  const text = JSON.stringify(Object.fromEntries(members));
  const differing = members.length < Object.keys(body as object).length ? text.replace('{', '{…,') : text;
  const plain = differing.replace('{…,}', '{…}').replaceAll('/communications/callRecords', '…');
  return plain.length <= 160 ? plain : `${plain.slice(0, 157)}…`;
}

function cut(text: string): string {
  if (text.length <= cellLength) return text;
  const short = text.slice(0, cellLength - 1);
  // A cut inside a code span would leave it open.
  return `${short.split('`').length % 2 === 0 ? short.slice(0, short.lastIndexOf('`')) : short}…`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
