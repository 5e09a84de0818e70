/** The whole matrix, and its text: docs/compatibility.md. */
import { call } from './call.ts';
import { calls } from './calls.ts';
import { logFunctions } from './logs.ts';
import { parts } from './parts.ts';
import type { Area, Row } from './row.ts';
import { subscriptions } from './subscriptions.ts';
import { clouds, representations, service } from './service.ts';

export const areas: readonly Area[] = [
  calls,
  call,
  parts,
  logFunctions,
  subscriptions,
  representations,
  service,
  clouds,
];

const introduction = `# Compatibility

What Graph's documentation says, what was seen of the live service, and what Rollcall does: a row is a request that
\`test/contract/compatibility.test.ts\` sends to a running server, under the same words. This page is written from those
rows (\`npm run docs\`), and a test holds it against them.

\`…\` stands for \`/v1.0/communications/callRecords\`; \`/beta\` answers the same where nothing else is said. A dash means
that the documentation is silent, or that nothing was seen. Where both are silent the answer is Rollcall's own choice:
strict, in OData's terms and in the nearest to Graph's words.

The server holds three calls (\`call\`: 140 participants, 70 sessions of two segments; \`o'neil\`; \`alone\`: nothing was
received of it but the call) and rows of each log.
`;

export function formatMatrix(): string {
  return [introduction, ...areas.map((area) => formatArea(area))].join('\n');
}

function formatArea({ title, rows }: Area): string {
  const head = ['| request | documented | observed | Rollcall |', '| --- | --- | --- | --- |'];
  return [`## ${title}`, '', ...head, ...rows.map((row) => formatRow(row)), ''].join('\n');
}

function formatRow(row: Row): string {
  const { documented, observed = '–', status, code, message, note } = row;
  const said = message === undefined || message === '' ? '' : ` ${cell(message)}`;
  const empty = message === '' ? ', with an empty message' : '';
  const answer = [
    `${status}${code === undefined ? '' : ` \`${code}\``}${empty}${said}`,
    ...(note ? [note] : []),
  ].join('. ');
  return `| ${nameOf(row)} | ${cell(documented)} | ${cell(observed)} | ${cell(answer).replaceAll('..', '.')} |`;
}

/** A row in short: also the name of its test. */
export function nameOf({ method = 'GET', request, headers = {}, body, server }: Row): string {
  const given = Object.entries(headers).filter(([name]) => name !== 'content-type');
  const described = [
    ...given.map(([name, value]) => `\`${name}: ${value}\``),
    ...(body === undefined ? [] : [`\`${short(JSON.stringify(body))}\``]),
    ...(server === undefined ? [] : [`server: ${server}`]),
  ];
  return cell(`\`${method === 'GET' ? '' : `${method} `}${request}\` ${described.join(' ')}`.trim());
}

function short(text: string): string {
  const plain = text.replaceAll('/communications/callRecords', '…');
  return plain.length <= 160 ? plain : `${plain.slice(0, 157)}…`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
