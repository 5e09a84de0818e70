/** Reads a call from the store and decides how the media of its people were. */
import { setImmediate } from 'node:timers/promises';
import type { Edition } from '../store/edition.ts';
import type { CallRecordStore } from '../store/store.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import { CallStreams, type StreamList } from './call-streams.ts';
import { type PersonQuality, QualityTally } from './quality.ts';
import { PanelBuilder, type PersonPanel } from './quality-panel.ts';
import { type ReceivedObject, sessionEnd, type SessionMedia } from './quality-streams.ts';
import { entitiesOf, readBlock, readPeople, sessionBlocks } from './read-blocks.ts';
import type { RecordSession } from './records.ts';
import { RollBuilder } from './roll.ts';

const peopleAtOnce = 500;

/** Reads how the media of a call's people were, in the order of the roll. @throws CallDamaged */
export async function qualityOf(store: CallRecordStore, edition: Edition): Promise<readonly PersonQuality[]> {
  const builder = await builderOf(store, edition);
  const tally = new QualityTally();
  for await (const media of allMedia(store, edition, builder)) tally.add(media);
  const { names, nameOf } = namesIn(builder, edition);
  const hasSessions = edition.sessions !== undefined;
  const people: PersonQuality[] = [];
  while (people.length < names.length) {
    people.push(tally.qualityOf(people.length, nameOf, hasSessions));
    if (people.length % peopleAtOnce === 0) await setImmediate(); // lets other requests run
  }
  return people;
}

/** Reads the streams of a call, poor ones first, up to a bound. @throws CallDamaged */
export async function streamsOf(
  store: CallRecordStore,
  edition: Edition,
  isPoorOnly: boolean,
): Promise<StreamList> {
  const builder = await builderOf(store, edition);
  const streams = new CallStreams(isPoorOnly);
  for await (const media of allMedia(store, edition, builder)) streams.add(media);
  return streams.result(namesIn(builder, edition).nameOf);
}

/** Reads panels by indexes on the roll, null for none, in one pass. Of the others, no segments are parsed. */
export async function panelsOf(
  store: CallRecordStore,
  edition: Edition,
  indexes: readonly number[],
): Promise<readonly (PersonPanel | null)[]> {
  const builder = await builderOf(store, edition);
  const wanted = indexes.map((index) => ({
    index,
    tally: new QualityTally(),
    panel: new PanelBuilder(index),
  }));
  const { sessions } = edition;
  for await (const { no, sessions: entities } of sessionBlocks(store, edition)) {
    builder.addSessions(entities.map(withoutSegments));
    const own = entities.flatMap((session, i) => {
      const end = endsOf(session, builder);
      const people = wanted.filter(({ index }) => end.caller === index || end.callee === index);
      return people.length === 0 ? [] : [{ end, people, i }];
    });
    if (own.length === 0) continue;
    const beside = new OpenBlock(await readBlock(edition, store.segmentsBlock(edition, no)));
    for (const { end, people, i } of own) {
      const media = { ...end, segments: JSON.parse(beside.entity(i).toString()) as unknown };
      for (const { index, tally, panel } of people) {
        tally.add(media, index);
        panel.add(media);
      }
    }
  }
  const { names, nameOf } = namesIn(builder, edition);
  return wanted.map(({ index, tally, panel }) =>
    index < names.length
      ? { ...tally.qualityOf(index, nameOf, sessions !== undefined), ...panel.result(nameOf) }
      : null,
  );
}

async function builderOf(store: CallRecordStore, edition: Edition): Promise<RollBuilder> {
  const builder = new RollBuilder();
  await readPeople(store, edition, builder);
  return builder;
}

/** Names people as all sessions of the call do. */
function namesIn(builder: RollBuilder, { tenantId }: Edition) {
  const names = builder.people(tenantId, false).map(({ name }) => name);
  return { names, nameOf: (index: number) => names[index]! }; // an index is one of the roll
}

/** Yields the sessions of a call with their segments, and adds the sessions to the roll, which names people by them. */
async function* allMedia(
  store: CallRecordStore,
  edition: Edition,
  builder: RollBuilder,
): AsyncGenerator<SessionMedia> {
  for await (const { no, sessions } of sessionBlocks(store, edition)) {
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
