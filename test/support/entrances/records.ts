/** Lists the entry points of records, of upstream responses, and of settings. */
import type { Clock } from '../../../src/base/clock.ts';
import type { RateLimiter } from '../../../src/collect/sync/rate-limiter.ts';
import type { HttpAnswer } from '../../../src/base/http-client.ts';
import { startListener } from '../../../src/serve/http/notification-listener.ts';
import { digestOf } from '../../../src/collect/sync/notified-tenant.ts';
import { UpstreamClient } from '../../../src/collect/sync/upstream-client.ts';
import { csvEncoder } from '../../../src/export/csv.ts';
import { readResponsePage } from '../../../src/collect/ingest/response-page.ts';
import { contentsOf } from '../../../src/collect/ingest/line-contents.ts';
import { readListedCalls } from '../../../src/collect/ingest/listed-calls.ts';
import { linesOf } from '../../../src/collect/ingest/source-lines.ts';
import { createLog } from '../../../src/base/log.ts';
import { addressRule } from '../../../src/notify/addresses.ts';
import { personOf } from '../../../src/store/people.ts';
import { storeUrlOf, withoutPassword } from '../../../src/store/postgres/store-url.ts';
import { refuseWrongTls } from '../../../src/store/postgres/tls-options.ts';
import { fold, meetingUrl } from '../../../src/wire/text/fold.ts';
import type { Entrance } from '../growth.ts';
import { inside, plain, now, inJson, jsonAround, jsonMade, manyMembers } from './texts.ts';

const call = (members: string) => `{"id":"a","version":1,"startDateTime":"2026-01-01T00:00:00Z",${members}}`;
const line = (text: string) => contentsOf(Buffer.from(text));
const listed = (length: number, entry: (i: number) => string) => `[${manyMembers(length, entry)}]`;

const csv = csvEncoder({ delimiter: ',', decimal: '.' })([], undefined);

const records: readonly Entrance[] = [
  {
    name: 'import line',
    most: 65_536,
    around: [
      ...jsonAround(['id', 'version', 'joinWebUrl', 'startDateTime', 'participants_v2', 'sessions']),
      (text) => call(`"x":"${inJson(text)}"`),
      (text) => call(`"joinWebUrl":"${inJson(text)}"`),
      (text) =>
        call(`"organizer_v2":{"id":"${inJson(text)}","identity":{"user":{"displayName":"${inJson(text)}"}}}`),
      (text) => `{"@odata.context":"${inJson(text)}","value":[]}`,
      (text) => `{"@odata.type":"${inJson(text)}","id":"a"}`,
    ],
    made: [
      ...jsonMade('sessions'),
      (length) => call(manyMembers(length, (i) => `"m${i}":null`)),
      (length) => call(manyMembers(length, () => '"type":"groupCall"')),
      (length) => call(`"x":${'['.repeat(Math.min(length, 400))}${']'.repeat(Math.min(length, 400))}`),
      (length) => call(`"x":${'['.repeat(length)}`),
      (length) => call(`"participants_v2":${listed(length, (i) => `{"id":"p${i}"}`)}`),
      (length) => call(`"participants_v2":${listed(length, () => '{"id":"p"}')}`),
      (length) => call(`"participants_v2":[{"id":"p",${manyMembers(length, (i) => `"m${i}":null`)}}]`),
      (length) => call(`"sessions":${listed(length, (i) => `{"id":"s${i}","segments":[]}`)}`),
      (length) => call(`"sessions":${listed(length, () => '{"id":"s"}')}`),
      (length) => call(`"sessions":[{"id":"s","segments":${listed(length, (i) => `{"id":"g${i}"}`)}}]`),
      (length) =>
        call(
          `"sessions":[{"id":"s","segments":[{"id":"g","media":${listed(length, () => '{"streams":[]}')}}]}]`,
        ),
      (length) => call(`"modalities":${listed(length, () => '"audio"')}`),
      (length) => `{"value":${listed(length, (i) => `{"id":"c${i}"}`)}}`,
    ],
    read: line,
  },
  {
    name: 'lines of a file',
    around: [plain, inside('[\n'), inside('[\n{"a":\n'), inside('{"value":[\n{"a":"')],
    made: [
      (length) => `[${'[\n'.repeat(length)}`,
      (length) => '{"a":[\n{},\n'.repeat(length >> 3),
      (length) => `{"a":\n${'[1],\n'.repeat(length >> 2)}`,
      (length) => `[\n${'{"a" 1}\n'.repeat(length >> 3)}`,
      (length) => `{"value":[\n${'{"a":{}},\n'.repeat(length >> 3)}]}`,
    ],
    async read(text) {
      const open = async function* () {
        for (let i = 0; i < text.length; i += 512)
          yield await Promise.resolve(Buffer.from(text.slice(i, i + 512)));
      };
      const lines = linesOf({ name: 'lines', size: undefined, open }, 16_384, () => undefined);
      for await (const { number } of lines) if (number < 0) throw new Error('never');
    },
  },
  {
    name: 'list of upstream',
    most: 65_536,
    around: [...jsonAround(['value', '@odata.nextLink'])],
    made: [
      ...jsonMade('value'),
      (length) =>
        `{"value":${listed(length, (i) => `{"id":"${i}","startDateTime":"2026-01-01T00:00:00Z"}`)}}`,
    ],
    read: (text) => readListedCalls(Buffer.from(text)),
  },
  {
    name: 'page of upstream',
    most: 65_536,
    around: [...jsonAround(['value', '@odata.nextLink'])],
    made: [...jsonMade('value'), (length) => `{"value":${listed(length, (i) => `{"id":"${i}"}`)}}`],
    read: (text) => readResponsePage(Buffer.from(text)),
  },
  {
    name: 'person',
    around: [plain, inside('+49')],
    read: (text) =>
      personOf({
        id: text,
        identity: { user: { id: text, displayName: text }, phone: { id: text }, [text]: { id: text } },
      }),
  },
  { name: 'words to look for', most: 16_384, read: (text) => [fold(text.slice(0, 256)), meetingUrl(text)] },
  { name: 'cell of CSV', around: [plain, inside('=')], read: (text) => csv.encode([[text]]) },
  {
    name: 'line of a log',
    read: (text) =>
      createLog({ format: 'text', level: 'debug', write: () => undefined, now }).write('error', text, {
        about: text,
      }),
  },
];

const settings: readonly Entrance[] = [
  {
    name: 'URL of a store',
    around: [
      plain,
      inside('postgres://'),
      inside('postgres://a:b@c/d?'),
      inside('postgres://a:b@c/d?sslmode='),
    ],
    read(text) {
      storeUrlOf(text);
      withoutPassword(text);
      refuseWrongTls(text);
    },
  },
  {
    name: 'address of a subscriber',
    around: [plain, inside('fe80::1%')],
    read: (text) => [addressRule([])(text), addressRule([text])],
  },
];

/** Returns the entry points of upstream's responses and notifications. */
async function upstream(): Promise<{ readonly entrances: readonly Entrance[]; stop: () => Promise<void> }> {
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    tls: undefined,
    clock: { now } as Clock,
    tenants: [
      {
        clientStateDigest: digestOf('c'),
        refresh: () => Promise.resolve(),
        notified: () => Promise.resolve(),
        lifecycle: () => Promise.resolve(),
      },
    ],
    onNotifications: () => undefined,
    onDefect: (error) => {
      throw error;
    },
  });
  const at = `http://127.0.0.1:${listener.port}/`;
  const notified = (length: number) =>
    `{"value":${listed(length / 4, (i) => `{"subscriptionId":"s","clientState":"c","resource":"communications/callRecords/${i}"}`)}}`;
  const notification = (members: string) => `{"value":[{"subscriptionId":"s","clientState":"c",${members}}]}`;
  let answer: Pick<HttpAnswer, 'headers' | 'body'>;
  const client = new UpstreamClient({
    upstream: new URL('https://upstream.example'),
    connection: {
      send: () => Promise.resolve({ status: 503, ...answer }),
      close: () => undefined,
      underWay: 0,
    },
    tokens: { get: () => Promise.resolve('token'), refused: () => undefined },
    budget: { admit: () => Promise.resolve(() => undefined) } as unknown as RateLimiter,
    clock: { now } as Clock,
    onRequest: () => undefined,
  });
  const get = () => client.get('x', { of: 'other' }, new AbortController().signal);
  return {
    stop: () => listener.close(),
    entrances: [
      {
        name: 'change notifications',
        around: [
          ...jsonAround(['value']),
          (text) => notification(`"resource":"${inJson(text)}"`),
          (text) => notification(`"resource":"communications/callRecords('${inJson(text)}')"`),
          (text) => notification(`"resourceData":{"id":"${inJson(text)}"}`),
        ],
        made: [...jsonMade('value'), notified],
        read: async (body) => (await fetch(at, { method: 'POST', body })).arrayBuffer(),
      },
      {
        name: 'an error of upstream',
        around: [plain, (text) => `{"error":{"code":"${inJson(text)}"}}`],
        made: jsonMade('error'),
        read(text) {
          answer = { headers: {}, body: Buffer.from(text) };
          return get();
        },
      },
      {
        name: 'Retry-After of upstream',
        most: 16_384,
        around: [plain, inside('1.')],
        read(text) {
          answer = { headers: { 'retry-after': text }, body: Buffer.from('') };
          return get();
        },
      },
      {
        name: 'a next link',
        around: [plain, inside('https://upstream.example/')],
        read: (text) => client.follow(text, { of: 'other' }, new AbortController().signal),
      },
    ],
  };
}

export async function recordEntrances() {
  const { entrances, stop } = await upstream();
  return { entrances: [...records, ...settings, ...entrances], stop };
}
