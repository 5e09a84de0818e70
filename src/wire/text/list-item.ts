/**
 * Builds the text of a call in the list of calls for a request without options. It is built once, when the call is
 * stored, so that a page of the list only needs to be read and sent (docs/decisions/0003-list-items.md).
 */
import type { Block } from './block.ts';
import { blockText, readLayout } from './block-text.ts';
import { Output } from './edits.ts';
import { layoutOf } from './sound-layout.ts';
import { storedTypes } from './stored-types.ts';

/** The text of an item in two parts, between which the service root is written. */
export interface ListItem {
  readonly before: Buffer;
  /** Absent when the item does not contain the root: the call has no organizer. */
  readonly after: Buffer | undefined;
}

const { members, stored } = storedTypes.callRecord;
const participantsRegion = members.byName.get('participants')!.index + 1;
const organizerRegion = members.byName.get('organizer_v2')!.index + 1;
/** Masks unknown enum members and keeps nulls. */
const kinds = [false, true, false] as const;

/**
 * Returns the item of a call.
 *
 * @param contextPath The part of the context URL of `organizer_v2` after the service root.
 * @param asStored Uses the stored layout of the head, even if an earlier release wrote it.
 */
export function listItemOf(head: Block, contextPath: string, asStored = false): ListItem {
  const text = blockText(head);
  const { edits, regionEnds, ends } = asStored
    ? readLayout(head)
    : layoutOf(head, text, storedTypes.callRecord);
  const out = new Output(text.length + 256);
  out.byte(0x7b);
  let root = 0;
  for (let region = 0; region <= stored + 1; region++) {
    const from = (region === 0 ? 0 : regionEnds[region - 1]!) + 1;
    const to = region <= stored ? regionEnds[region]! : ends[0]! - 1;
    const isEmptied = region === participantsRegion;
    if (to <= from && !isEmptied) continue;
    if (out.length > 1) out.byte(0x2c);
    if (isEmptied) {
      out.text('"participants":[]');
      continue;
    }
    if (region === organizerRegion) {
      out.text('"organizer_v2@odata.context":"');
      root = out.length;
      out.text(`${JSON.stringify(contextPath).slice(1)},`);
    }
    out.edited(text, from, to, edits, 0, edits.length, kinds);
  }
  out.byte(0x7d);
  const item = out.bytes();
  return root === 0
    ? { before: item, after: undefined }
    : { before: item.subarray(0, root), after: item.subarray(root) };
}
