/** Builds the requests for a call. */
import { dataMessages } from '../messages/en.ts';

const callPath = (callId: string) => `/v1.0/communications/callRecords/${encodeURIComponent(callId)}`;

interface CallRequest {
  readonly name: 'participants' | 'record' | 'sessions';
  readonly title: string;
  readonly path: (callId: string) => string;
  readonly isList: boolean;
}

export const requests: readonly [CallRequest, ...CallRequest[]] = [
  {
    name: 'participants',
    title: dataMessages.requests.participants,
    path: (id) => `${callPath(id)}/participants_v2`,
    isList: true,
  },
  { name: 'record', title: dataMessages.requests.record, path: callPath, isList: false },
  {
    name: 'sessions',
    title: dataMessages.requests.sessions,
    path: (id) => `${callPath(id)}/sessions?$expand=segments`,
    isList: true,
  },
];

export type RequestName = CallRequest['name'];

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
