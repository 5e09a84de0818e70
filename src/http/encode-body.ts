/** A body in the encoding the client takes: gzip when it pays, and never compressed twice. */
import { constants, gzipSync } from 'node:zlib';
import { negotiateEncoding } from '../odata/accept-encoding.ts';
import type { Body } from '../projection/body.ts';
import { type AnswerBody, bodyOf } from './exchange.ts';
import { spliceGzip } from '../text/gzip-splice.ts';

/** Below this many bytes compressing costs more than sending (docs/performance.md). */
const compressFrom = 1024;
/** Bytes of head or tail that fit one stored deflate block. */
const maxStored = 0xffff;
const fast = { level: constants.Z_BEST_SPEED };

export interface EncodedBody {
  readonly encoding: 'gzip' | undefined;
  readonly body: AnswerBody;
}

export function encodeBody(body: Body, acceptEncoding: string | undefined): EncodedBody {
  const { head, tail, deflated } = body;
  if (acceptEncoding !== undefined && negotiateEncoding(acceptEncoding) === 'gzip') {
    if (deflated !== undefined && head.length <= maxStored) {
      return { encoding: 'gzip', body: bodyOf(spliceGzip(head, deflated, tail)) };
    }
    const text = body.text();
    if (head.length + text.length + tail.length >= compressFrom) {
      return { encoding: 'gzip', body: bodyOf(gzipSync(Buffer.concat([head, text, tail]), fast)) };
    }
  }
  return { encoding: undefined, body: bodyOf(head, body.text(), tail) };
}
