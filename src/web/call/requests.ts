/** Builds the requests for a call. */
import { dataMessages } from '../messages/en.ts';

const callPath = (callId: string) => `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;

export const requests = [
  {
    name: 'participants',
    title: dataMessages.requests.participants,
    path: (id: string) => `${callPath(id)}/participants_v2`,
  },
  { name: 'record', title: dataMessages.requests.record, path: callPath },
  {
    name: 'sessions',
    title: dataMessages.requests.sessions,
    path: (id: string) => `${callPath(id)}/sessions?$expand=segments`,
  },
] as const;

export type RequestName = (typeof requests)[number]['name'];

/** Returns a command for a POSIX shell. The user inserts the token, because the page has none. */
export function curlOf(url: string, prefer: string | undefined): string {
  const headers = ['-H "Authorization: Bearer $TOKEN"'];
  if (prefer !== undefined) headers.push(`-H ${quoted(`Prefer: ${prefer}`)}`);
  return ['curl --compressed', ...headers, quoted(url)].join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Formats JSON with line breaks and unchanged values: parsing it would lose digits. Strings are copied. */
export function pretty(text: string): string {
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|[[\]{},:]|\s+/g, (token, at: number) => {
    switch (token) {
      case '{':
      case '[':
        if (text[at + 1] === '}' || text[at + 1] === ']') return token;
        depth++;
        return token + line();
      case '}':
      case ']':
        if (text[at - 1] === '{' || text[at - 1] === '[') return token;
        depth--;
        return line() + token;
      case ',':
        return token + line();
      case ':':
        return ': ';
      default:
        return token.startsWith('"') ? token : '';
    }
  });
}
