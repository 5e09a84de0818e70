/** What lines hold, on the way from one thread to another: its bytes are moved, and not copied piece by piece. */
import type { Part } from '../store/store.ts';
import type { Block } from '../text/block.ts';
import type { LineContents } from './line-contents.ts';
import type { Received } from './read-value.ts';

const pieceBytes = 2 ** 18;

interface MovedContents {
  readonly contents: readonly LineContents[];
  /** What all of its bytes are in. */
  readonly buffers: readonly ArrayBuffer[];
}

/** Bytes that are views of a line, or of memory that others share, would take all of that with them. */
export function toMove(contents: readonly LineContents[]): MovedContents {
  const buffers: ArrayBuffer[] = [];
  let piece = Buffer.alloc(0);
  let length = 0;
  const take = (bytes: Uint8Array): Buffer => {
    if (length + bytes.length > piece.length) {
      piece = Buffer.allocUnsafeSlow(Math.max(pieceBytes, bytes.length));
      buffers.push(piece.buffer);
      length = 0;
    }
    piece.set(bytes, length);
    return piece.subarray(length, (length += bytes.length));
  };
  return { contents: contents.map((one) => withBytes(one, take)), buffers };
}

/** Buffers come as plain arrays of bytes. */
export function arrived(contents: readonly LineContents[]): readonly LineContents[] {
  return contents.map((one) =>
    withBytes(one, ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}

type OfBytes = (bytes: Uint8Array) => Buffer;

function withBytes(contents: LineContents, of: OfBytes): LineContents {
  return 'received' in contents
    ? { received: contents.received.map((one) => receivedWith(one, of)) }
    : contents;
}

function receivedWith(received: Received, of: OfBytes): Received {
  if ('page' in received) return { page: { ...received.page, entries: received.page.entries.map(of) } };
  if ('logRow' in received) return { logRow: { ...received.logRow, text: of(received.logRow.text) } };
  if ('rejected' in received) return received;
  const { call, ...counts } = received.record;
  const blocks = (all: readonly Block[]) => all.map((block) => blockWith(block, of));
  return {
    record: {
      ...counts,
      call: {
        ...call,
        head: part(call.head, (block) => blockWith(block, of)),
        participants:
          call.participants && part(call.participants, (list) => ({ ...list, blocks: blocks(list.blocks) })),
        sessions:
          call.sessions &&
          part(call.sessions, (list) => ({
            ...list,
            blocks: blocks(list.blocks),
            segments: blocks(list.segments),
            parties: list.parties.map((party) => ({ ...party, endpoint: of(party.endpoint) })),
          })),
      },
    },
  };
}

function part<T>({ digest, value }: Part<T>, of: (value: T) => T): Part<T> {
  return { digest, value: of(value) };
}

function blockWith(block: Block, of: OfBytes): Block {
  return { ...block, body: of(block.body), layout: of(block.layout) };
}
