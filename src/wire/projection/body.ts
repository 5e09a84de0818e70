/** A response body in three parts: a head and a tail written for the request, with stored text between them. */
import type { DeflatedPart } from '../text/gzip-splice.ts';

export interface Body {
  readonly head: Buffer;
  /** Returns the middle part; called only when it must be sent uncompressed. */
  readonly text: () => Buffer;
  /** The middle part as it was deflated when it was stored. */
  readonly deflated: DeflatedPart | undefined;
  readonly tail: Buffer;
}

export function textBody(text: string): Body {
  return bytesBody(Buffer.from(text));
}

export function bytesBody(bytes: Buffer): Body {
  return { head: bytes, text: () => empty, deflated: undefined, tail: empty };
}

const empty = Buffer.alloc(0);
