/** Calls that are carried here, made into what only has to be sent to the server. */
import type { Block } from '../../text/block.ts';
import { OpenBlocks } from '../../text/open-block.ts';
import type { TallyRow } from '../tally.ts';
import type { DayTallies } from '../day-tally.ts';
import { newestOf, placesOf } from '../edition-places.ts';
import type { Phrase } from '../find-calls.ts';
import type { ReadyCalls, TransferredCall } from '../transfer.ts';
import { isOfEarlierRelease } from '../transferred-call.ts';
import { noStart } from './add-editions.ts';
import { gather } from './carried-rows.ts';
import type { Value } from './dialect.ts';
import { CopyWriter } from './copy-format.ts';
import { type EditionTable, noRows } from './edition-rows.ts';
import { indexedCallOf } from './indexed-call.ts';
import type { FoundPlace, GatheredSearch, SearchRows } from './search-rows.ts';
import { copied } from './statements.ts';

/** Of text that is unpacked at a time; a call may have more. */
const openBytes = 2 ** 20;

export interface ReadyRows extends ReadyCalls {
  /** Rows of all tables in the format of COPY, table by table. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where those of each table begin and end in it. */
  readonly spans: Readonly<Record<EditionTable | 'found_call', readonly [from: number, to: number]>>;
  /** For `endListing`: editions that are there, whose place others take. */
  readonly endings: readonly (readonly Value[])[];
  /** What they add to the counts. */
  readonly tally: TallyRow;
  /** The largest number of an edition among them. */
  readonly last: number;
  readonly search: ReadySearch;
  /** True when some of their blocks must be rewritten. */
  readonly isOfEarlierRelease: boolean;
}

interface ReadySearch {
  readonly ended: readonly FoundPlace[];
  readonly phrases: Readonly<Record<Phrase['kind'], readonly string[]>>;
  readonly days: DayTallies;
  /** Calls that are found by what is there of them already. */
  readonly inPart: readonly string[];
}

/** @param search With nothing in it. */
export function readyCalls(
  tenantNo: number,
  calls: readonly TransferredCall[],
  search: SearchRows,
): ReadyRows {
  const rows = noRows();
  const endings: (readonly Value[])[] = [];
  const inPart: string[] = [];
  const tallies: TallyRow[] = [];
  let last = 0;
  for (const { call, open } of openCalls(calls)) {
    for (const place of placesOf(call.editions)) {
      const { edition, before, isNewest } = place;
      const content = call.contents.get(edition.edition);
      if (content === undefined) continue;
      gather(rows, tenantNo, place, content, open);
      tallies.push(place.tally);
      last = Math.max(last, edition.edition);
      // What it takes the place of is there already, unless it is carried with it.
      if (isNewest && before !== undefined && !call.contents.has(before.edition))
        endings.push([
          edition.edition,
          ...[tenantNo, before.startTicks ?? noStart, before.call, before.edition],
        ]);
    }
    index(call, open, search, inPart);
  }
  const gathered = search.take();
  const writer = new CopyWriter();
  const write = (table: EditionTable | 'found_call', added: GatheredSearch['rows']) => {
    const from = writer.length;
    const types = Object.values(copied[table]);
    for (const row of added) writer.row(types, row);
    return [from, writer.length] as const;
  };
  const spans = {
    edition: write('edition', rows.edition),
    listing: write('listing', rows.listing),
    participant: write('participant', rows.participant),
    participant_block: write('participant_block', rows.participant_block),
    session_block: write('session_block', rows.session_block),
    segment_block: write('segment_block', rows.segment_block),
    found_call: write('found_call', gathered.rows),
  };
  const bytes = writer.take();
  const textsOf = (kind: Phrase['kind']) =>
    gathered.phrases.filter((phrase) => phrase.kind === kind).map(({ text }) => text);
  return {
    ...{ movable: [bytes.buffer], bytes, spans, endings, tally: sumOf(tallies), last },
    search: {
      ended: gathered.ended,
      phrases: { names: textsOf('names'), number: textsOf('number') },
      days: gathered.days,
      inPart,
    },
    isOfEarlierRelease: calls.some(isOfEarlierRelease),
  };
}

/** Each with its blocks unpacked, some calls together. */
function* openCalls(calls: readonly TransferredCall[]) {
  let some: TransferredCall[] = [];
  let blocks: Block[] = [];
  let bytes = 0;
  for (const [i, call] of calls.entries()) {
    const own = askedBlocks(call);
    some.push(call);
    blocks.push(...own);
    bytes += own.reduce((sum, { textLength }) => sum + textLength, 0);
    if (bytes < openBytes && i < calls.length - 1) continue;
    const open = new OpenBlocks(blocks);
    for (const one of some) yield { call: one, open };
    [some, blocks, bytes] = [[], [], 0];
  }
}

/** Those that say who and what is in a call: all but segments, and what older editions had. */
function askedBlocks({ editions, contents }: TransferredCall): readonly Block[] {
  const newest = contents.get(newestOf(editions)?.edition ?? 0);
  return [
    ...(newest === undefined ? [] : [newest.head]),
    ...[...contents.values()].flatMap(({ participants = [], found = [], sessions }) => [
      ...participants,
      ...found,
      ...(sessions?.blocks ?? []),
    ]),
  ];
}

/** Finds a call by what of it readers are given, in place of what they were given. */
function index(call: TransferredCall, open: OpenBlocks, search: SearchRows, inPart: string[]): void {
  const { editions, contents, callId } = call;
  const number = editions[0]?.call;
  if (number === undefined) return;
  // Of a call that comes whole nothing was there to be found.
  if (contents.size < editions.length)
    for (const startTicks of new Set(editions.map((edition) => edition.startTicks)))
      if (startTicks !== undefined) search.remove({ startTicks, call: number });
  const indexed = indexedCallOf(call, open);
  if (indexed === 'in part') inPart.push(callId);
  else if (indexed !== undefined) search.put(indexed);
}

export function sumOf(tallies: readonly TallyRow[]): TallyRow {
  return tallies.reduce(
    (sum, tally) => sum.map((count, column) => count + tally[column]!) as unknown as TallyRow, // as many columns
    [0, 0, 0, 0, 0, 0],
  );
}
