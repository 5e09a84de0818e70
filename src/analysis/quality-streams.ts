/** Reads the media streams of a session, whatever form their text has. */
import { classificationOf, type Classification } from '../contract/call-quality.ts';

/** A JSON object as received. */
export type ReceivedObject = Readonly<Record<string, unknown>>;

/**
 * Who is at an end of a session: a person's index on the roll; a service; or someone who is not on the roll, or an end
 * that was not received.
 */
export type SessionEnd = number | 'service' | 'unknown';

export interface SessionMedia {
  readonly session: ReceivedObject;
  /** As stored: null where they were not received. */
  readonly segments: unknown;
  readonly caller: SessionEnd;
  readonly callee: SessionEnd;
}

export interface SessionStream {
  /** As received: the label names the kind of media. */
  readonly label: unknown;
  readonly stream: ReceivedObject;
  readonly media: ReceivedObject;
  /** Absent where the record does not state the direction. */
  readonly sender: SessionEnd | undefined;
  readonly receiver: SessionEnd | undefined;
  readonly classification: Classification;
}

export function* streamsIn({ segments, caller, callee }: SessionMedia): Generator<SessionStream> {
  for (const segment of objectsIn(segments))
    for (const media of objectsIn(segment['media']))
      for (const stream of objectsIn(media['streams'])) {
        const { label } = media;
        const [sender, receiver] = endsOf(stream['streamDirection'], caller, callee);
        yield { label, stream, media, sender, receiver, classification: classificationOf(label, stream) };
      }
}

function endsOf(
  direction: unknown,
  caller: SessionEnd,
  callee: SessionEnd,
): readonly [SessionEnd?, SessionEnd?] {
  if (direction === 'callerToCallee') return [caller, callee];
  return direction === 'calleeToCaller' ? [callee, caller] : [];
}

/** Returns who is at an end of a session. @param index Absent when no one on the roll is there. */
export function sessionEnd(endpoint: unknown, index: number | undefined): SessionEnd {
  if (index !== undefined) return index;
  const received = objectOf(endpoint);
  // A service has no identity: in meetings, its type is often not sent.
  const isService =
    received !== undefined &&
    objectOf(received['identity']) === undefined &&
    objectOf(received['associatedIdentity']) === undefined;
  return isService ? 'service' : 'unknown';
}

export function objectsIn(value: unknown): readonly ReceivedObject[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.map(objectOf).filter((item) => item !== undefined);
}

export function objectOf(value: unknown): ReceivedObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as ReceivedObject) // an object of JSON text
    : undefined;
}
