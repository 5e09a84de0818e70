/** A thread of `import`: it tells what lines hold. */
import { kTransferable, kValue, Tinypool } from 'tinypool';
import { contentsOf } from '../ingest/line-contents.ts';
import { toMove } from '../ingest/moved-contents.ts';

/** Lines one after another, with nothing between them. */
export interface JoinedLines {
  readonly text: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
}

export function read({ text, lengths }: JoinedLines): unknown {
  const all = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  let at = 0;
  const { contents, buffers } = toMove(lengths.map((length) => contentsOf(all.subarray(at, (at += length)))));
  return Tinypool.move({ [kTransferable]: buffers, [kValue]: contents });
}
