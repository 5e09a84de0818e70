/** Whether sessions failed or went badly, from their stored text. */
import { classifyStream } from '../../contract/call-quality.ts';
import type { Block } from './block.ts';
import { blockText, readLayout } from './block-text.ts';
import { Scanner } from './scanner.ts';
import { storedTypes } from './stored-types.ts';

export interface Health {
  /** A session, or a segment of one, has a `failureInfo`. */
  readonly failed: boolean;
  /** A media stream of one was poor (model/call-quality.ts). */
  readonly poor: boolean;
}

export const healthy: Health = { failed: false, poor: false };

/**
 * Returns the health of a session that a scanner has walked, and of those before it.
 *
 * @param scanner Its `noted` is of the session alone.
 * @param segments The session's segments as JSON text, read only where something in them is beyond a limit.
 */
export function healthOf(before: Health, scanner: Scanner, segments: () => Buffer): Health {
  const { failed, suspect } = scanner.noted;
  return { failed: before.failed || failed, poor: before.poor || (suspect && isPoor(segments())) };
}

function together(a: Health, b: Health): Health {
  return { failed: a.failed || b.failed, poor: a.poor || b.poor };
}

/** The same of sessions that were stored before. */
export function storedHealth(sessions: Iterable<Block>, segments: Iterable<Block>): Health {
  let health = healthy;
  for (const block of sessions) health = together(health, healthIn(block, false));
  for (const block of segments) health = together(health, healthIn(block, true));
  return health;
}

function healthIn(block: Block, isSegments: boolean): Health {
  const text = blockText(block);
  const { starts, ends } = readLayout(block);
  let health = healthy;
  for (const [i, start] of starts.entries()) {
    const scanner = new Scanner(text, start, ends[i]);
    if (isSegments && scanner.peek() === 0x5b)
      scanner.array(() => scanner.object(storedTypes.segment.members));
    else if (!isSegments) scanner.object(storedTypes.session.members);
    health = healthOf(health, scanner, () => (isSegments ? text.subarray(start, ends[i]) : noSegments));
  }
  return health;
}

const noSegments = Buffer.from('[]');

function isPoor(segments: Buffer): boolean {
  // JSON by the scanner's walk, whatever is in it.
  return objectsIn(JSON.parse(segments.toString())).some((segment) =>
    objectsIn(segment['media']).some((media) =>
      objectsIn(media['streams']).some((stream) => classifyStream(media['label'], stream) === 'poor'),
    ),
  );
}

function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter(
    (item): item is Readonly<Record<string, unknown>> => typeof item === 'object' && item !== null,
  );
}
