/**
 * Measures how long the page takes to show the whole roll of a call with 20,000 people, in Chromium with an empty cache:
 * from the navigation until the last person on the roll is found and painted. Each person has a session with a segment
 * and media.
 */
import { defaultGenerateOptions, generateLines, largestMeeting } from '../src/emulator/generate/generate.ts';
import { closeChromium } from '../test/support/chromium.ts';
import { visitor } from '../test/support/page-server.ts';
import { buildStore, tenantId } from './data.ts';
import { cli, devOf } from './issuer.ts';
import { startServer } from './processes.ts';

type Json = Readonly<Record<string, unknown>>;

const callId = '70e47a11-0000-4000-8000-000000000000';
const lastName = 'Zzuriel Lastperson';
const lines = [
  { name: 'this machine', conditions: undefined },
  { name: '20 Mbit/s, 40 ms', conditions: { latency: 40, throughput: 20e6 / 8 } },
] as const;

export async function benchTownHall(
  path: string,
  visits: number,
  note: (text: string) => void,
): Promise<void> {
  await buildStore(path, townHall, note);
  note(`| ${largestMeeting} people | first visit, ms | p50 | slowest of ${visits} | longest task, ms |`);
  note('| --- | --- | --- | --- | --- |');
  for (const { name, conditions } of lines) {
    // A separate server, so that the first visit reaches one without cached rolls.
    const server = await startServer('0', cli, devOf(`sqlite:${path}`));
    const found: { shownMs: number; longestTaskMs: number }[] = [];
    try {
      for (let i = 0; i < visits; i++) found.push(await visit(`http://127.0.0.1:${server.port}`, conditions));
    } finally {
      await server.stop();
    }
    const times = found.map(({ shownMs }) => shownMs);
    const sorted = times.toSorted((a, b) => a - b);
    const task = Math.max(...found.map(({ longestTaskMs }) => longestTaskMs));
    const figures = [times[0]!, sorted[visits >> 1]!, sorted.at(-1)!, task].map(Math.round);
    note(`| ${name} | ${figures.join(' | ')} |`);
  }
  await closeChromium();
}

interface Conditions {
  readonly latency: number;
  /** Bytes a second. */
  readonly throughput: number;
}

/** Returns milliseconds by the page's clock, which starts at the navigation. */
async function visit(url: string, conditions: Conditions | undefined) {
  await using signedIn = await visitor({ url }, { isOwn: true });
  const { page, context, troubles } = signedIn;
  if (conditions !== undefined) {
    const { latency, throughput } = conditions;
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    await devTools.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput },
    });
  }
  await page.addInitScript(`{
    window.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask, duration);
    }).observe({ type: 'longtask', buffered: true });
    // What exists in one frame is painted before the next one starts.
    const look = () => document.querySelector('.roll [data-row]')?.textContent.includes(${JSON.stringify(lastName)})
      ? requestAnimationFrame(() => { window.shownAt = performance.now(); })
      : requestAnimationFrame(look);
    requestAnimationFrame(look);
  }`);
  await page.goto(`/calls/${callId}?${new URLSearchParams({ find: lastName }).toString()}`);
  await page.getByText(`1 of ${largestMeeting.toLocaleString('en')} people`).waitFor();
  await page.waitForFunction('window.shownAt !== undefined');
  if (troubles.length > 0) throw new Error(troubles.join('; '));
  const figures = await page.evaluate<[number, number]>('[window.shownAt, window.longestTask]');
  return { shownMs: figures[0], longestTaskMs: figures[1] };
}

/** Yields the record of the largest generated call, then its sessions page by page. */
function* townHall(): Generator<string> {
  const options = { ...defaultGenerateOptions, tenantId, users: 30_000, calls: 40 };
  const media = withMedia(generateLines({ ...options, largest: 130 }));
  const record = recordOf(
    generateLines({ ...options, largest: largestMeeting }),
    ({ length }) => length >= largestMeeting,
  );
  const people = listOf(record, 'participants_v2').map((one, i) =>
    i < largestMeeting - 1 ? one : withName(one, lastName),
  );
  yield JSON.stringify({ ...record, id: callId, participants_v2: people, sessions: undefined });
  const template = listOf(record, 'sessions')[0]!;
  const sessions = people.map((one, i) => sessionOf(template, media, one, i));
  const perPage = 1000;
  const path = `https://graph.microsoft.com/v1.0/communications/callRecords/${callId}/sessions?$expand=segments`;
  for (let from = 0; from < sessions.length; from += perPage) {
    const isLast = from + perPage >= sessions.length;
    yield JSON.stringify({
      '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#communications/callRecords('${callId}')/sessions(segments())`,
      ...(!isLast && { '@odata.nextLink': `${path}&$skiptoken=${from + perPage}` }),
      value: sessions.slice(from, from + perPage),
    });
  }
}

function recordOf(texts: Iterable<string>, isIt: (people: readonly Json[]) => boolean): Json {
  for (const text of texts) {
    const record = JSON.parse(text) as Json;
    if (isIt(listOf(record, 'participants_v2'))) return record;
  }
  throw new Error('No generated call is so large.');
}

/** Returns segments with media, as those of a small call. */
function withMedia(texts: Iterable<string>): readonly Json[] {
  for (const text of texts)
    for (const session of listOf(JSON.parse(text) as Json, 'sessions')) {
      const segments = listOf(session, 'segments');
      if (segments.some((segment) => listOf(segment, 'media').length > 0)) return segments;
    }
  throw new Error('No generated segment has media.');
}

function sessionOf(template: Json, segments: readonly Json[], participant: Json, index: number): Json {
  const identity = participant['identity'] as Json;
  const known = Object.values(identity).find((value) => typeof value === 'object' && value !== null);
  const start = Date.parse(String(template['startDateTime'])) + (index % 900) * 1000;
  const times = {
    startDateTime: new Date(start).toISOString(),
    endDateTime: new Date(start + 1_800_000 + index).toISOString(),
  };
  const id = `5e550000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return {
    ...template,
    ...{ id, ...times, failureInfo: null },
    caller: { ...(template['caller'] as Json), identity, associatedIdentity: known },
    segments: segments.map((segment, i) => ({ ...segment, ...times, id: `${id}-${i}`, failureInfo: null })),
  };
}

function withName(participant: Json, displayName: string): Json {
  const identity = Object.entries(participant['identity'] as Json).map(([kind, value]) => [
    kind,
    typeof value === 'object' && value !== null ? { ...value, displayName } : value,
  ]);
  return { ...participant, identity: Object.fromEntries(identity) as Json };
}

function listOf(from: Json, name: string): readonly Json[] {
  const value = from[name];
  return Array.isArray(value) ? (value as Json[]) : [];
}
