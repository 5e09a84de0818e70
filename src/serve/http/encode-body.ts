/** Encodes a body as the client accepts it: gzip when it saves bytes. Stored gzip data is not compressed again. */
import { constants, gzipSync } from 'node:zlib';
import { Fault } from '../../contract/faults.ts';
import { parseQualityList, remembered } from '../../query/odata/quality-list.ts';
import type { Body } from '../../wire/projection/body.ts';
import { type AnswerBody, bodyOf } from '../../graph/exchange.ts';
import { spliceGzip } from '../../wire/text/gzip-splice.ts';

/** The size below which compression costs more than it saves (docs/performance.md). */
const compressFrom = 1024;
/** Bytes of head or tail that fit one stored deflate block. */
const maxStored = 0xffff;
const fast = { level: constants.Z_BEST_SPEED };

interface EncodedBody {
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

/** Chooses the encoding (RFC 9110, section 12.5.3). @throws Fault `notAcceptable` when the client excludes both. */
export const negotiateEncoding = remembered((header: string): 'gzip' | 'identity' => {
  const qualities = new Map(
    parseQualityList(header).map(({ name, quality }) => [name.replace(/^x-/, ''), quality]),
  );
  const any = qualities.get('*');
  const gzip = qualities.get('gzip') ?? any ?? 0;
  const stated = qualities.get('identity') ?? (any === 0 ? 0 : undefined);
  if (gzip > 0 && gzip >= (stated ?? 0)) return 'gzip';
  if (stated === 0)
    throw new Fault('notAcceptable', 'Accept-Encoding leaves neither gzip nor identity.', {
      target: 'Accept-Encoding',
    });
  return 'identity';
});
