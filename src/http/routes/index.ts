/** One line a URL template; the handler's file is named as on the wire. */
import type { GraphResponse } from '../messages.ts';
import type { Read, ReadParts } from '../read.ts';
import { readCallRecord } from './callRecord.ts';
import { readParticipant } from './participant.ts';
import { readParticipants } from './participants_v2.ts';

export type Handler = (read: Read, parts: ReadParts) => Promise<GraphResponse>;

export const routes: Readonly<Partial<Record<string, Handler>>> = {
  'communications/callRecords/{}': readCallRecord,
  'communications/callRecords/{}/participants_v2': readParticipants,
  'communications/callRecords/{}/participants_v2/{}': readParticipant,
};
