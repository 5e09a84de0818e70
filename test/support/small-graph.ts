/**
 * Implements a small Graph in this process whose responses a test may change, for those that no Rollcall would send.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aParticipant, aRecord, aSession } from './records.ts';

type Json = Record<string, unknown>;

/** The kind of request: the list of calls, a call with an expanded list, or another path. */
export interface GraphQuestion {
  readonly of: 'list' | 'sessions' | 'participants_v2' | 'call' | 'other';
  readonly callId: string | undefined;
  readonly url: URL;
}

/** A response body: an object is sent as JSON, text and bytes unchanged. */
export type GraphAnswer = object | string | Buffer | { readonly status: number; readonly text: string };

export interface SmallGraph extends AsyncDisposable {
  readonly url: string;
  /** Ids of its calls, ordered by start. */
  readonly callIds: readonly string[];
  /** Requests for calls and logs. */
  readonly asked: readonly string[];
}

export type ChangeAnswer = (body: Json, question: GraphQuestion, url: string) => GraphAnswer;

/** Returns the id of a call, a GUID as in Graph. */
export const callIdOf = (i: number) => `d0000000-0000-4000-8000-${String(i).padStart(12, 'a')}`;

/** Starts it. @param lastMs The start of the last call: one per hour, each with two participants and a session. */
export async function startSmallGraph(
  calls: number,
  lastMs: number,
  change: ChangeAnswer,
): Promise<SmallGraph> {
  const records = Array.from({ length: calls }, (_, i) => {
    const startDateTime = new Date(lastMs - (calls - 1 - i) * 3600_000).toISOString();
    return aRecord(callIdOf(i), { startDateTime, endDateTime: startDateTime });
  });
  const lists = new Map<string, Json[]>(
    records.flatMap(({ id }) => [
      [`${id} sessions`, [aSession(`session of ${id}`)]],
      [`${id} participants_v2`, [aParticipant(`anna of ${id}`), aParticipant(`ben of ${id}`)]],
    ]),
  );
  const asked: string[] = [];
  const answerTo = (question: GraphQuestion): Json | undefined => {
    const { of, callId, url } = question;
    if (of === 'list') {
      const [, from, before] = /ge (\S+) and startDateTime lt (\S+)/.exec(
        url.searchParams.get('$filter') ?? '',
      )!;
      const value = records.filter(({ startDateTime }) => {
        const ms = Date.parse(startDateTime);
        return ms >= Date.parse(from!) && ms < Date.parse(before!);
      });
      return { value: value.map((record) => ({ ...record })) };
    }
    const record = records.find(({ id }) => id === callId);
    if (record === undefined) return undefined;
    return of === 'call'
      ? { ...record }
      : { ...record, [of]: lists.get(`${callId} ${of}`)!.map((one) => ({ ...one })) };
  };
  const server = createServer((request, response) => {
    request.resume();
    const url = new URL(request.url!, origin());
    const send = (answer: GraphAnswer) => {
      const isPlain = typeof answer === 'object' && !Buffer.isBuffer(answer);
      const given =
        isPlain && 'status' in answer && 'text' in answer
          ? (answer as { status: number; text: string })
          : undefined;
      response.writeHead(given?.status ?? 200, { 'content-type': 'application/json' });
      response.end(given?.text ?? (isPlain ? JSON.stringify(answer) : answer));
    };
    if (url.pathname.endsWith('/token')) {
      send({ token_type: 'Bearer', expires_in: 3599, access_token: 'a.b.c' });
      return;
    }
    asked.push(decodeURIComponent(url.pathname + url.search));
    const question = questionOf(url);
    const body = answerTo(question);
    send(
      body === undefined && question.of !== 'other'
        ? { status: 404, text: '{"error":{"code":"NotFound"}}' }
        : change(body ?? {}, question, origin()),
    );
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: origin(),
    callIds: records.map(({ id }) => id),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function questionOf(url: URL): GraphQuestion {
  const [, callId, rest] =
    /\/communications\/callRecords(?:\/([^/]+)(\/.*)?)?$/.exec(decodeURIComponent(url.pathname)) ?? [];
  const expand = url.searchParams.get('$expand') ?? '';
  if (
    !url.pathname.includes('/communications/callRecords') ||
    rest !== undefined ||
    callId?.includes('(') === true
  )
    return { of: 'other', callId, url };
  if (callId === undefined) return { of: 'list', callId, url };
  const of = expand.startsWith('sessions') ? 'sessions' : expand === 'participants_v2' ? expand : 'call';
  return { of, callId, url };
}
