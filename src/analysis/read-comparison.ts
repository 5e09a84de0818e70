/** Reads two stored states of a call and compares them. */
import { hash } from 'node:crypto';
import { formatMs } from '../base/ticks.ts';
import type { Edition } from '../store/edition.ts';
import { sessionsPerBlock } from '../store/received-call.ts';
import type { CallRecordStore } from '../store/store.ts';
import { OpenBlock } from '../wire/text/open-block.ts';
import { entityTexts } from '../wire/text/sound-layout.ts';
import {
  type ComparedSession,
  comparePeople,
  compareSessions,
  type VersionComparison,
  type Counted,
  type SessionMark,
} from './compare-versions.ts';
import { entitiesOf, readBlock, readPeople } from './read-blocks.ts';
import { rollOf } from './read-roll.ts';
import type { RecordSession } from './records.ts';
import { type RollPerson, RollBuilder } from './roll.ts';
import { timeOf } from './spans.ts';

/** The largest number of people or sessions that one list of an answer has; `count` has all. */
export const mostListedChanges = 500;

/** @throws CallDamaged when a stored block is missing */
export async function readComparison(
  store: CallRecordStore,
  left: Edition,
  right: Edition,
): Promise<VersionComparison> {
  const before = (await rollOf(store, left)).people;
  const after = left.edition === right.edition ? before : (await rollOf(store, right)).people;
  return {
    counts: { left: before.length, right: after.length },
    people: comparePeople(before, after, mostListedChanges),
    sessions: await sessionsOf(store, { edition: left, people: before }, { edition: right, people: after }),
  };
}

interface State {
  readonly edition: Edition;
  readonly people: readonly RollPerson[];
}

interface OpenState extends State {
  /** Finds the people at the ends of sessions. */
  readonly builder: RollBuilder;
}

async function sessionsOf(
  store: CallRecordStore,
  left: State,
  right: State,
): Promise<VersionComparison['sessions']> {
  const [before, after] = [left.edition.sessions, right.edition.sessions];
  if (before === undefined || after === undefined) return null;
  const none = { added: [], removed: [], changed: [] };
  const { added, removed, changed } =
    before.list === after.list
      ? none
      : compareSessions(await marksOf(store, left.edition), await marksOf(store, right.edition));
  const later = await opened(store, right, added.length + changed.length);
  const earlier = await opened(store, left, removed.length);
  return {
    added: await described(store, later, added),
    removed: await described(store, earlier, removed),
    changed: await described(store, later, changed),
  };
}

/** Reads the people of a state, when any of its sessions is to be described. */
async function opened(store: CallRecordStore, state: State, sessions: number): Promise<OpenState> {
  const builder = new RollBuilder();
  if (sessions > 0) await readPeople(store, state.edition, builder);
  return { ...state, builder };
}

async function marksOf(store: CallRecordStore, edition: Edition): Promise<readonly SessionMark[]> {
  const marks: SessionMark[] = [];
  for (let no = 0; no * sessionsPerBlock < (edition.sessions?.count ?? 0); no++) {
    const own = new OpenBlock(await readBlock(edition, store.sessionsBlock(edition, no)));
    const segments = entityTexts(await readBlock(edition, store.segmentsBlock(edition, no)), 'segments');
    for (const [i, id = ''] of own.ids.entries()) {
      const text = Buffer.concat([own.entity(i), segments[i] ?? Buffer.alloc(0)]);
      marks.push({ index: marks.length, id, digest: hash('sha256', text, 'base64url') });
    }
  }
  return marks;
}

/** Reads the first of these sessions, to show whose they are. */
async function described(
  store: CallRecordStore,
  { edition, people, builder }: OpenState,
  marks: readonly SessionMark[],
): Promise<Counted<ComparedSession>> {
  let block: { readonly no: number; readonly sessions: readonly RecordSession[] } | undefined;
  const first: ComparedSession[] = [];
  for (const { index, id } of marks.slice(0, mostListedChanges)) {
    const no = Math.floor(index / sessionsPerBlock);
    if (block?.no !== no)
      block = {
        no,
        sessions: entitiesOf(await readBlock(edition, store.sessionsBlock(edition, no))) as RecordSession[],
      };
    const session = block.sessions[index % sessionsPerBlock];
    const ends = [session?.caller, session?.callee].flatMap((end) => builder.indexOf(end) ?? []);
    first.push({
      id,
      people: [...new Set(ends)].flatMap((at) => people[at]?.name ?? []),
      startDateTime: dateTimeOf(session?.startDateTime),
      endDateTime: dateTimeOf(session?.endDateTime),
    });
  }
  return { count: marks.length, first };
}

function dateTimeOf(value: unknown): string | null {
  const ms = timeOf(value);
  return ms === undefined ? null : formatMs(ms);
}
