/** Rows of calls that are carried here, and where they make participants findable. */
import type { Block } from '../../text/block.ts';
import type { OpenBlocks } from '../../text/open-block.ts';
import { editionColumns, type EditionPlace, firstPlaces } from '../edition-places.ts';
import { flagsOf } from '../rows.ts';
import type { EditionContent } from '../transfer.ts';
import { noStart } from './add-editions.ts';
import type { CopyRow, EditionRows } from './edition-rows.ts';
import { keyOf, longIdOf } from './keys.ts';

/** Adds the rows of an edition. */
export function gather(
  rows: EditionRows,
  tenantNo: number,
  place: EditionPlace,
  content: EditionContent,
  open: OpenBlocks,
): void {
  const { edition } = place;
  const { callId, edition: number, call, participants, sessions, found } = edition;
  const key = keyOf(callId);
  rows.edition.push([number, tenantNo, key, longIdOf(callId), call, ...editionColumns(edition, content)]);
  rows.listing.push(listingRow(tenantNo, place, content));
  const add = (
    table: 'participant_block' | 'session_block' | 'segment_block',
    list: number,
    blocks: readonly Block[],
    more: (block: Block) => CopyRow = () => [],
  ) => {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      const columns = [count, textLength, crc, flagsOf(block), body, layout];
      rows[table].push([tenantNo, key, list, no, ...columns, ...more(block)]);
    }
  };
  if (participants?.list === number) add('participant_block', number, content.participants ?? []);
  if (found !== undefined) add('participant_block', found.list, content.found ?? []);
  if (sessions?.list === number) {
    const { blocks = [], segments = [] } = content.sessions ?? {};
    add('session_block', number, blocks, (block) => [open.of(block).ids.map(keyOf)]);
    add('segment_block', number, segments);
  }
  for (const { participantKey, start, list, position } of participantPlaces(place, content, open))
    rows.participant.push([tenantNo, participantKey, start, call, list, position]);
}

/** Every edition is in the listing, whether it was ever the newest or not. */
export function listingRow(
  tenantNo: number,
  { edition, until }: EditionPlace,
  { head }: EditionContent,
): CopyRow {
  const { callId, call, version, receivedMs, participants, found, startTicks, endTicks, modifiedTicks } =
    edition;
  return [
    ...[tenantNo, startTicks ?? noStart, call, edition.edition, until ?? null],
    ...[keyOf(callId), longIdOf(callId), version, receivedMs ?? null],
    ...[participants?.list ?? null, participants?.count ?? 0, found?.list ?? null],
    ...[endTicks ?? null, modifiedTicks ?? null],
    ...[head.textLength, head.crc, flagsOf(head), head.layout, head.body],
  ];
}

/** Where the participants of an edition are to be found that no edition before it made findable. */
export function* participantPlaces({ edition }: EditionPlace, content: EditionContent, open: OpenBlocks) {
  const { participants, found, startTicks: start = 0n } = edition;
  for (const [list, blocks] of [
    [participants?.list, content.participants],
    [found?.list, content.found],
  ] as const) {
    if (list === undefined || blocks === undefined) continue;
    for (const [id, position] of firstPlaces(blocks.flatMap((block) => open.of(block).ids)))
      yield { participantKey: keyOf(id), start, list, position };
  }
}
