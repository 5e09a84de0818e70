/** A response body in the parts it is sent in: a head and a tail written for this request around stored text. */
import type { DeflatedPart } from '../text/gzip-splice.ts';

export interface Body {
  readonly head: Buffer;
  /** The middle; asked for only when it is to be sent as it is. */
  readonly text: () => Buffer;
  /** The middle as it was deflated when it was stored. */
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
