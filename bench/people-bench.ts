/**
 * Measures the answer of a person's page on SQLite: somebody in at least 1,000 calls, somebody in meetings of 20,000
 * people, and phone logs of 30,000 rows. Reports how long the event loop was blocked.
 */
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { createSkipTokens } from '../src/query/odata/skip-token.ts';
import { defaultGenerateOptions, generateLines } from '../src/emulator/generate/generate.ts';
import { personAnswer } from '../src/serve/internal/people/person-answer.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../src/store/store.ts';
import { buildStore, tenantId } from './data.ts';
import { median } from './beside.ts';

const rounds = 7;
const calls = 10_000;
const logRows = 30_000;

export async function benchPeople(data: string, note: (text: string) => void): Promise<void> {
  const meetings = join(data, 'people-meetings.db');
  const options = { ...defaultGenerateOptions, tenantId, until: new Date('2026-11-01T00:00:00Z') };
  await buildStore(join(data, 'people.db'), () => peopleLines(options), note);
  await buildStore(meetings, () => meetingLines(options), note);
  for (const path of [join(data, 'people.db'), meetings]) {
    await using store = openSqliteStore(path);
    await measurePerson(store, await mostFrequent(store), note);
  }
}

type Options = typeof defaultGenerateOptions;

function* peopleLines(options: Options): Generator<string> {
  yield* generateLines({ ...options, calls, users: 24, largest: 12 });
  const start = Date.parse('2026-10-02T00:00:00Z');
  for (let i = 0; i < logRows; i++)
    yield JSON.stringify({
      '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
      ...{
        id: `row-${i}`,
        callId: `call-${i}`,
        userId: `user-${i % 200}`,
        userDisplayName: `User ${i % 200}`,
      },
      startDateTime: new Date(start + i * 60_000).toISOString(),
      endDateTime: new Date(start + i * 60_000 + 60_000).toISOString(),
      ...{ duration: 60, charge: 0.01, currency: 'EUR', callType: 'user_in' },
      ...{ callerNumber: '+49301234567', calleeNumber: '+12065550100' },
    });
}

/** Yields five meetings of 20,000 of the same people. */
function* meetingLines(options: Options): Generator<string> {
  for (let i = 0; i < 5; i++) {
    const [line] = generateLines({ ...options, calls: 1, users: 20_000, largest: 20_000, media: false });
    const record = JSON.parse(line!) as Record<string, unknown>; // a generator yields a line for each call
    yield JSON.stringify({ ...record, id: `meeting-${i}` });
  }
}

/** Returns the id of the user who is in most of a sample of calls. */
async function mostFrequent(store: CallRecordStore): Promise<string> {
  const counts = new Map<string, number>();
  for (const { callId } of await store.someCalls(tenantId, 500)) {
    const { organizer } = (await store.search.call(tenantId, callId)) ?? {};
    const id = organizer?.kind === 'user' ? organizer.id : null;
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  if (first === undefined) throw new Error('No call has an organizer.');
  return first[0];
}

async function measurePerson(
  store: CallRecordStore,
  personId: string,
  note: (text: string) => void,
): Promise<void> {
  const parts = {
    store,
    skipTokens: createSkipTokens(randomBytes(32)),
    nowTicks: () => BigInt(Date.parse('2026-11-02T00:00:00Z')) * 10_000n,
  };
  const times: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let i = 0; i < rounds; i++) {
    await setTimeout(50);
    if (i === 1) delay.enable(); // the first round compiles
    const started = performance.now();
    const { counted } = await personAnswer(parts, tenantId, personId, 'http://bench', 'from=2026-10-01');
    times.push(performance.now() - started);
    if (i === 0)
      note(`${counted?.calls} calls, all: ${counted?.isAll}, first answer ${times[0]!.toFixed(0)} ms`);
  }
  delay.disable();
  note(
    `median ${median(times.slice(1)).toFixed(0)} ms, longest ${Math.max(...times.slice(1)).toFixed(0)} ms; event loop blocked for ${(delay.max / 1e6).toFixed(0)} ms at most`,
  );
}
