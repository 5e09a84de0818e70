/** Maps each URL template to its handler; a handler's file is named after the wire name. */
import type { Target } from '../../query/plan/target.ts';
import { participantsList, sessionsList } from '../call-lists.ts';
import type { GraphResponse } from '../messages.ts';
import type { Write, WriteParts, Read, ReadParts } from '../handler.ts';
import { readCallRecord } from './callRecord.ts';
import { readCallRecords } from './callRecords.ts';
import { countCallRecords, countList, countSegments } from './count.ts';
import { readListEntity } from './list-entity.ts';
import { readLogRows } from './log-rows.ts';
import { readOrganizer } from './organizer_v2.ts';
import { readParticipants } from './participants_v2.ts';
import { readSegment, readSegments } from './segments.ts';
import { readSessions } from './sessions.ts';
import {
  changeSubscription,
  deleteSubscription,
  readSubscription,
  reauthorizeSubscription,
} from './subscription.ts';
import { createSubscription, readSubscriptions } from './subscriptions.ts';

type Handler = (read: Read, parts: ReadParts) => Promise<GraphResponse>;

/** Handles a method that changes data. */
interface Writer {
  readonly takesBody: boolean;
  readonly handle: (write: Write, parts: WriteParts) => Promise<GraphResponse>;
}

const calls = 'communications/callRecords';

const routes: Readonly<Partial<Record<string, Handler>>> = {
  [calls]: readCallRecords,
  [`${calls}/$count`]: countCallRecords,
  [`${calls}/{}`]: readCallRecord,
  [`${calls}/{}/organizer_v2`]: readOrganizer,
  [`${calls}/{}/participants_v2`]: readParticipants,
  [`${calls}/{}/participants_v2/$count`]: countList(participantsList),
  [`${calls}/{}/participants_v2/{}`]: readListEntity(participantsList),
  [`${calls}/{}/sessions`]: readSessions,
  [`${calls}/{}/sessions/$count`]: countList(sessionsList),
  [`${calls}/{}/sessions/{}`]: readListEntity(sessionsList),
  [`${calls}/{}/sessions/{}/segments`]: readSegments,
  [`${calls}/{}/sessions/{}/segments/$count`]: countSegments,
  [`${calls}/{}/sessions/{}/segments/{}`]: readSegment,
  subscriptions: readSubscriptions,
  'subscriptions/{}': readSubscription,
};

const writers: Readonly<Partial<Record<string, Writer>>> = {
  'POST subscriptions': { takesBody: true, handle: createSubscription },
  'PATCH subscriptions/{}': { takesBody: true, handle: changeSubscription },
  'DELETE subscriptions/{}': { takesBody: false, handle: deleteSubscription },
  'POST subscriptions/{}/reauthorize': { takesBody: false, handle: reauthorizeSubscription },
};

/** Returns the handler of a template; one answers all functions of the model. */
export function handlerOf({ template, call }: Pick<Target, 'template' | 'call'>): Handler {
  const handler = call === undefined ? routes[template] : readLogRows;
  if (handler === undefined) throw new Error(`The route '${template}' has no handler.`);
  return handler;
}

export function writerOf({ template }: Target, method: string): Writer | undefined {
  return writers[`${method} ${template}`];
}
