/** Reads entries of a call's lists as typed objects: any JSON may be received, and a value of another type is absent. */
import type { RecordEndpoint, RecordParticipant, RecordSession } from './records.ts';
import { isObject } from '../store/people.ts';

type Json = Readonly<Record<string, unknown>>;

export function listedParticipant(entry: unknown): RecordParticipant {
  const { id, identity } = objectOf(entry);
  return { id: typeof id === 'string' ? id : '', identity: isObject(identity) ? identity : null };
}

export function listedSession(entry: unknown): RecordSession {
  const { id, caller, callee, failureInfo, ...times } = objectOf(entry);
  return {
    id: typeof id === 'string' ? id : '',
    ...timesIn(times),
    failureInfo: isObject(failureInfo) ? failureInfo : null,
    caller: endpointIn(caller),
    callee: endpointIn(callee),
  };
}

export function segmentsIn(entry: unknown): NonNullable<RecordSession['segments']> {
  return listOf(entry).map(({ id, failureInfo, media, ...times }) => ({
    id: typeof id === 'string' ? id : '',
    ...timesIn(times),
    failureInfo: isObject(failureInfo) ? failureInfo : null,
    media: listOf(media).map(({ label, streams }) => ({
      label: typeof label === 'string' ? label : null,
      streams: listOf(streams),
    })),
  }));
}

function endpointIn(value: unknown): RecordEndpoint | null {
  if (!isObject(value)) return null;
  const { identity, associatedIdentity, userAgent } = value;
  return {
    identity: isObject(identity) ? identity : null,
    associatedIdentity: isObject(associatedIdentity) ? textsOf(associatedIdentity) : null,
    userAgent: isObject(userAgent) ? textsOf(userAgent) : null,
  };
}

function timesIn({ startDateTime, endDateTime }: Json) {
  return {
    startDateTime: typeof startDateTime === 'string' ? startDateTime : null,
    endDateTime: typeof endDateTime === 'string' ? endDateTime : null,
  };
}

function textsOf(object: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object).filter((member): member is [string, string] => typeof member[1] === 'string'),
  );
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
