/** Which rows of the matrix may be sent to another tenant's Graph, and as what. */
import { randomUUID } from 'node:crypto';
import type { Area, Row } from '../contract/compatibility/row.ts';

export interface Question {
  readonly area: string;
  readonly row: Row;
  readonly method: 'GET' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** False of rows about requests without a token. */
  readonly hasToken: boolean;
}

/** Why rows are not sent. */
export const skipReasons = {
  changes: 'might change something: GET, HEAD and OPTIONS alone are sent',
  options: 'concerns an option of Rollcall or another cloud',
  token: 'needs a token of another kind',
  elsewhere: 'is about another API of Graph, which may have data of its own',
  own: "asks for something of Rollcall's own",
  repeated: 'is the request of another row once the key is replaced',
  records: 'depends on the records of the tests',
} as const;
export type SkipReason = keyof typeof skipReasons;

const readMethods = ['GET', 'HEAD', 'OPTIONS'] as const;
const prefix = String.raw`(?:…|\/(?:v1\.0|beta)\/communications\/callRecords)`;
/** The key of a call, in both of its forms; not `/$count`, nor the call of a function. */
const callKey = new RegExp(String.raw`^(${prefix})(?:\/(?!\$)[^/?(]+(?=[/?]|$)|\('(?:[^']|'')*'\))`);
const subscriptionKey = /^(\/(?:v1\.0|beta)\/subscriptions)(?:\/[^/?]+|\('[^']*'\))/;

/** The API itself, its subscriptions, and what a service has at its root. */
const callRecords =
  /^(?:…|\/(?:v1\.0|beta)\/(?:communications\/callRecords|subscriptions|\$metadata|\$batch|$))/;

/** Prepares the rows: keys of the tests become one that nothing has, so that no answer is about a record. */
export function questionsOf(areas: readonly Area[]) {
  const unknownId = randomUUID();
  const skipped: { row: Row; reason: SkipReason }[] = [];
  const questions = new Map<string, Question>();
  for (const { title, rows } of areas) {
    for (const row of rows) {
      const reason = whySkipped(row);
      const method = readMethods.find((name) => name === (row.method ?? 'GET'));
      if (reason !== undefined || method === undefined) {
        skipped.push({ row, reason: reason ?? 'changes' });
        continue;
      }
      const path = row.request
        .replace(callKey, `$1/${unknownId}`)
        .replace(subscriptionKey, `$1/${unknownId}`)
        .replace(/^…/, '/v1.0/communications/callRecords');
      const { authorization, ...others } = row.headers ?? {};
      const headers = authorization ? { ...others, authorization } : others;
      const id = JSON.stringify([method, path, row.headers]);
      if (questions.has(id)) skipped.push({ row, reason: 'repeated' });
      else
        questions.set(id, { area: title, row, method, path, headers, hasToken: authorization === undefined });
    }
  }
  return { questions: [...questions.values()], skipped, unknownId };
}

function whySkipped({ request, server = 'usual', headers = {}, subscribed }: Row): SkipReason | undefined {
  if (server !== 'usual') return 'options';
  if (!callRecords.test(request)) return 'elsewhere';
  if (subscribed !== undefined) return 'changes';
  if (!/^(?:Bearer .*)?$/.test(headers['authorization'] ?? '')) return 'token';
  return headers['prefer']?.includes('rollcall.') === true ? 'own' : undefined;
}
