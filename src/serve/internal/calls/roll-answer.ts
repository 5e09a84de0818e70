/** Formats the roll of a call as JSON: a head that may change, and the people, who never do for one edition. */
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, inflateRawSync } from 'node:zlib';
import type { CallRoll } from '../../../analysis/read-roll.ts';
import { rollCompleteness } from '../../../analysis/roll-answer.ts';
import { type ByteCache, createByteCache } from '../../../base/byte-cache.ts';
import type { CallCompleteness } from '../../../contract/call-completeness.ts';
import type { Edition } from '../../../store/edition.ts';
import type { Body } from '../../../wire/projection/body.ts';
import type { DeflatedPart } from '../../../wire/text/gzip-splice.ts';

const mostEndedSessions = 200;

/** The part of a roll that follows from its edition, deflated, by the edition's digest. */
export type RollCache = ByteCache<DeflatedPart>;

/** A roll of 20,000 people takes 1 to 2 MB. */
const cacheBytes = 16 * 2 ** 20;

export function createRollCache(): RollCache {
  return createByteCache({ maxBytes: cacheBytes, bytesOf: ({ deflated }) => deflated.byteLength });
}

/** Returns the body of the answer. @param read Computes the roll, when the cache does not have it. */
export async function rollBody(
  edition: Edition,
  completeness: CallCompleteness,
  { cache, read }: { readonly cache: RollCache; readonly read: () => Promise<CallRoll> },
): Promise<Body> {
  // An edition never changes, but what is inferred of it may: the digest then differs.
  const key = JSON.stringify([edition.tenantId, edition.edition, edition.digest]);
  let part = cache.get(key);
  if (part === undefined) cache.set(key, (part = await deflatedRoll(await read())));
  const { deflated, textLength } = part;
  return {
    head: Buffer.from(headText(edition, completeness)),
    text: () =>
      inflateRawSync(deflated, {
        finishFlush: constants.Z_SYNC_FLUSH,
        chunkSize: Math.max(64, textLength + 1),
      }),
    deflated: part,
    tail: Buffer.from('}'),
  };
}

/** Returns the members before the people, without the closing brace. */
function headText(edition: Edition, completeness: CallCompleteness): string {
  const { callId, version, tenantId } = edition;
  const known = Object.fromEntries(rollCompleteness.map((name) => [name, completeness[name]]));
  // A version may have more digits than a number in JavaScript.
  const members = `"version":${version},"homeTenantId":${JSON.stringify(tenantId)}`;
  return `{"callId":${JSON.stringify(callId)},${members},"completeness":${JSON.stringify(known)},`;
}

const deflate = promisify(deflateRaw);
const fast = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_FULL_FLUSH };
const peoplePerText = 1000;

async function deflatedRoll(roll: CallRoll): Promise<DeflatedPart> {
  const parts: Buffer[] = [];
  for await (const part of rollTexts(roll)) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts);
  const deflated = await deflate(text, fast);
  return { deflated, textLength: text.length, crc: crc32(text) };
}

async function* rollTexts({
  edition,
  people,
  sessionCount,
  endedSessions,
}: CallRoll): AsyncGenerator<string> {
  const ended = sessionCount === null ? null : endedSessions.slice(0, mostEndedSessions);
  const count = sessionCount === null ? null : endedSessions.length;
  yield `"sessionCount":${sessionCount},"endedSessionCount":${count},"endedSessions":${JSON.stringify(ended)},`;
  if (edition.participants === undefined && people.length === 0) {
    yield '"people":null';
    return;
  }
  yield '"people":[';
  for (let from = 0; from < people.length; from += peoplePerText) {
    const text = JSON.stringify(people.slice(from, from + peoplePerText)).slice(1, -1);
    yield from === 0 ? text : `,${text}`;
    // Other requests run between two parts.
    await setImmediate();
  }
  yield ']';
}
