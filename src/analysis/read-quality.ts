/** Reads a call from the store and decides how the media of its people were. */
import { setImmediate } from 'node:timers/promises';
import type { AsOf } from '../query/odata/as-of.ts';
import type { Edition } from '../store/edition.ts';
import { sessionsPerBlock } from '../store/received-call.ts';
import type { CallRecordStore } from '../store/store.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import { CallStreams, type StreamList } from './call-streams.ts';
import { type PersonQuality, QualityTally } from './quality.ts';
import { PanelBuilder, type PersonPanel } from './quality-panel.ts';
import { type ReceivedObject, sessionEnd, type SessionMedia } from './quality-streams.ts';
import { requestedEdition, entitiesOf, readBlock, readPeople } from './read-blocks.ts';
import type { RecordSession } from './records.ts';
import { RollBuilder } from './roll.ts';

interface CallQuality {
  /** The state of the call that was read. */
  readonly edition: Edition;
  /** In the order of the roll. */
  readonly people: readonly PersonQuality[];
}

const peopleAtOnce = 500;

/**
 * Reads how the media of a call's people were.
 *
 * @param asOf The requested state of the call; the newest when absent.
 * @returns `undefined` when the tenant has no such call, or the call no such state.
 * @throws CallDamaged when a stored block is missing
 */
export async function readCallQuality(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  asOf?: AsOf,
): Promise<CallQuality | undefined> {
  const edition = await requestedEdition(store, tenantId, callId, asOf);
  if (edition === undefined) return undefined;
  const builder = new RollBuilder();
  await readPeople(store, edition, builder);
  const tally = new QualityTally();
  for await (const media of allMedia(store, edition, builder)) tally.add(media);
  const names = builder.people(tenantId, false).map(({ name }) => name);
  const nameOf = (index: number) => names[index]!; // an index is one of the roll
  const hasSessions = edition.sessions !== undefined;
  const people: PersonQuality[] = [];
  while (people.length < names.length) {
    people.push(tally.qualityOf(people.length, nameOf, hasSessions));
    if (people.length % peopleAtOnce === 0) await setImmediate(); // lets other requests run
  }
  return { edition, people };
}

/**
 * Reads the streams of a call, poor ones first, up to a bound.
 *
 * @param isPoorOnly True to leave out streams that are not poor.
 * @returns As `readCallQuality`.
 */
export async function readCallStreams(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  isPoorOnly: boolean,
  asOf?: AsOf,
): Promise<StreamList | undefined> {
  const edition = await requestedEdition(store, tenantId, callId, asOf);
  if (edition === undefined) return undefined;
  const builder = new RollBuilder();
  await readPeople(store, edition, builder);
  const streams = new CallStreams(isPoorOnly);
  for await (const media of allMedia(store, edition, builder)) streams.add(media);
  const names = builder.people(tenantId, false).map(({ name }) => name);
  return streams.result((index) => names[index]!); // as above
}

/**
 * Reads the panel of one person. Of the others, no segments are parsed.
 *
 * @param index The person's index on the roll.
 * @returns `undefined` as for `readCallQuality`; null when the roll has no such index.
 */
export async function readPersonPanel(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  index: number,
  asOf?: AsOf,
): Promise<PersonPanel | null | undefined> {
  const edition = await requestedEdition(store, tenantId, callId, asOf);
  if (edition === undefined) return undefined;
  const builder = new RollBuilder();
  await readPeople(store, edition, builder);
  const tally = new QualityTally();
  const panel = new PanelBuilder(index);
  const { sessions } = edition;
  for (let no = 0; no * sessionsPerBlock < (sessions?.count ?? 0); no++) {
    const entities = entitiesOf(
      await readBlock(edition, store.sessionsBlock(edition, no)),
    ) as RecordSession[];
    builder.addSessions(entities.map(withoutSegments));
    const ends = entities.map((session) => endsOf(session, builder));
    if (!ends.some(({ caller, callee }) => caller === index || callee === index)) continue;
    const beside = new OpenBlock(await readBlock(edition, store.segmentsBlock(edition, no)));
    for (const [i, end] of ends.entries())
      if (end.caller === index || end.callee === index) {
        const media = { ...end, segments: JSON.parse(beside.entity(i).toString()) as unknown };
        tally.add(media, index);
        panel.add(media);
      }
  }
  const names = builder.people(tenantId, false).map(({ name }) => name);
  const nameOf = (one: number) => names[one]!; // an index is one of the roll
  if (index >= names.length) return null;
  return { ...tally.qualityOf(index, nameOf, sessions !== undefined), ...panel.result(nameOf) };
}

/** Yields the sessions of a call with their segments, and adds the sessions to the roll, which names people by them. */
async function* allMedia(
  store: CallRecordStore,
  edition: Edition,
  builder: RollBuilder,
): AsyncGenerator<SessionMedia> {
  for (let no = 0; no * sessionsPerBlock < (edition.sessions?.count ?? 0); no++) {
    const sessions = entitiesOf(
      await readBlock(edition, store.sessionsBlock(edition, no)),
    ) as RecordSession[];
    const segments = entitiesOf(await readBlock(edition, store.segmentsBlock(edition, no)));
    builder.addSessions(sessions.map(withoutSegments));
    for (const [i, session] of sessions.entries())
      yield { ...endsOf(session, builder), segments: segments[i] };
  }
}

function withoutSegments(session: RecordSession): RecordSession {
  return { ...session, segments: null };
}

function endsOf(session: RecordSession, builder: RollBuilder): Omit<SessionMedia, 'segments'> {
  const end = (endpoint: RecordSession['caller']) => sessionEnd(endpoint, builder.indexOf(endpoint));
  return {
    session: session as unknown as ReceivedObject, // the same JSON object
    caller: end(session.caller),
    callee: end(session.callee),
  };
}
