/** Counts the rows of a phone log that belong to a person or a number. */
import type { MatchCertainty } from '../../../analysis/activity.ts';
import { mayName, spellingsOf } from '../../../analysis/activity-subject.ts';
import { type PhoneNumber, textCertainty } from '../../../analysis/number-subject.ts';
import type { PhoneLog, PhoneRow, PhoneUser } from '../../../contract/phone-log.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { readPhoneRow } from '../phone-logs/phone-row.ts';
import { PhoneTally } from '../phone-logs/phone-summary.ts';
import type { PhoneActivity, SipCodeCount } from './activity-page.ts';
import { logRowChunks } from './log-row-chunks.ts';

export interface PhoneSubject {
  /** Returns false for a row that cannot belong to the subject, without parsing it. */
  readonly mayHave: (text: Buffer) => boolean;
  /** Returns how sure it is that a row belongs to the subject; `undefined` for one of another. */
  readonly matches: (row: PhoneRow) => MatchCertainty | undefined;
}

export function personRows(personId: string): PhoneSubject {
  const id = personId.toLowerCase();
  const spellings = spellingsOf([id]);
  return {
    mayHave: (text) => mayName(text, spellings),
    matches: ({ user }) => (user?.id?.toLowerCase() === id ? 'exact' : undefined),
  };
}

export function numberRows(number: PhoneNumber): PhoneSubject {
  return {
    mayHave: (text) =>
      text.includes(0x5c) || numbersIn(text).some((one) => textCertainty(number, one) !== undefined),
    matches({ callerNumber, calleeNumber }) {
      const found = [callerNumber, calleeNumber].map((one) => textCertainty(number, one));
      return found.includes('exact') ? 'exact' : found.find((one) => one !== undefined);
    },
  };
}

const numberMember = /"(?:callerNumber|calleeNumber|sourceNumber|destinationNumber)":"([^"]*)"/g;

/** Returns the numbers in the text of a row without escapes. */
function numbersIn(text: Buffer): readonly string[] {
  return Array.from(text.toString().matchAll(numberMember), ([, number]) => number!);
}

const mostUsers = 50;
/** The maximum number of rows of a log that one answer reads. */
const mostLogRows = 100_000;

export async function readPhoneActivity(
  store: CallRecordStore,
  tenantId: string,
  log: PhoneLog,
  span: { readonly from: bigint; readonly before: bigint },
  subject: PhoneSubject,
  mostRead = mostLogRows,
): Promise<{ readonly activity: PhoneActivity; readonly user: PhoneUser | null }> {
  const tally = new PhoneTally();
  const sipCodes = new Map<number, { -readonly [Name in keyof SipCodeCount]: SipCodeCount[Name] }>();
  const directions = { incoming: 0, outgoing: 0 };
  let [read, likely] = [0, 0];
  let newest: PhoneRow | undefined;
  let [oldest, unreadBefore]: (string | undefined)[] = [];
  for await (const texts of logRowChunks(store, tenantId, log, span)) {
    if (read >= mostRead) {
      unreadBefore = oldest;
      break;
    }
    for (const text of texts) {
      if (!subject.mayHave(Buffer.from(text.buffer, text.byteOffset, text.byteLength))) continue;
      const row = readPhoneRow(log, text);
      const certainty = subject.matches(row);
      if (certainty === undefined) continue;
      newest ??= row;
      if (certainty === 'likely') likely++;
      tally.add(row);
      if (row.direction !== null) directions[row.direction]++;
      if (row.outcome === 'failed' && row.sipCode !== null) {
        const { sipCode, sipPhrase, sipMeaning } = row;
        const count = sipCodes.get(sipCode) ?? { sipCode, sipPhrase, sipMeaning, rows: 0 };
        count.rows++;
        sipCodes.set(sipCode, count);
      }
    }
    read += texts.length;
    oldest = readPhoneRow(log, texts.at(-1)!).startDateTime ?? '';
  }
  const { rows, seconds, costs, failed, missed, people, otherPeople } = tally.summary(unreadBefore);
  return {
    activity: {
      ...{ rows, likelyRows: likely, seconds, ...directions, missed, failed, costs },
      sipCodes: [...sipCodes.values()].sort((a, b) => b.rows - a.rows || a.sipCode - b.sipCode),
      users: people.slice(0, mostUsers).map(({ user, rows: own, seconds: length }) => ({
        ...{ user, rows: own, seconds: length },
      })),
      otherUsers: otherPeople + Math.max(0, people.length - mostUsers),
      newestDateTime: newest?.startDateTime ?? null,
      isAll: unreadBefore === undefined,
      countedFromDateTime: unreadBefore ?? null,
    },
    user: newest?.user ?? null,
  };
}
