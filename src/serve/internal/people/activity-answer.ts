/** Answers the activity of a person or a number: a page of calls, and on the first page what they add up to. */
import type { ActivityCall, ActivityPerson } from '../../../analysis/activity.ts';
import type { ActivitySubject } from '../../../analysis/activity-subject.ts';
import { ActivityTally, periodOf } from '../../../analysis/activity-tally.ts';
import { type ActivityLimits, readActivity, usualActivityLimits } from '../../../analysis/read-activity.ts';
import { mostCompared } from '../../../analysis/read-attendance.ts';
import { shownAttendance } from '../../../analysis/shown-attendance.ts';
import { formatTicks } from '../../../base/ticks.ts';
import { type PhoneLog, phoneLogs, type PhoneUser } from '../../../contract/phone-log.ts';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import type { CallPosition } from '../../../store/call-list.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { ActivityFacts, PhoneActivity } from './activity-page.ts';
import { type ActivityQuery, parseActivityQuery } from './activity-parameters.ts';
import { type PhoneSubject, readPhoneActivity } from './phone-activity.ts';

export interface PeopleParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
  /** Returns the time at which a span ends that has no stated end, in ticks. */
  readonly nowTicks: () => bigint;
}

interface ActivityRequest {
  readonly tenantId: string;
  /** The URL of the person or number, as the client reached it. */
  readonly url: string;
  readonly query: string;
  /** Names the person or number, so that a skip token is valid for no other. */
  readonly key: string;
  readonly calls: ActivitySubject;
  readonly rows: PhoneSubject;
}

interface ActivityAnswer {
  readonly value: readonly ActivityCall[];
  readonly next: { readonly '@odata.nextLink'?: string };
  /** Absent on later pages. */
  readonly first:
    | {
        readonly facts: ActivityFacts;
        readonly tally: ActivityTally;
        /** The user of the newest phone-log row. */
        readonly user: PhoneUser | null;
        readonly lastSeenDateTime: string | null;
      }
    | undefined;
}

/** Reads a page. @throws Fault `badQueryOption`, `badSkipToken` */
export async function readActivityPage(
  { store, skipTokens, nowTicks }: PeopleParts,
  request: ActivityRequest,
  limits: ActivityLimits = usualActivityLimits,
): Promise<ActivityAnswer> {
  const { tenantId, calls: subject } = request;
  const query = parseActivityQuery(request.query, nowTicks());
  const binding = JSON.stringify([
    'activity',
    tenantId,
    request.key,
    String(query.from),
    String(query.before),
  ]);
  const { from, before, size, skipToken } = query;
  const value: ActivityCall[] = [];
  let endOfPage: CallPosition | undefined;
  let next: CallPosition | undefined;
  // The first page sums up all calls; any other ends with its last call.
  const tally = skipToken === undefined ? new ActivityTally(periodOf(from, before), mostCompared) : undefined;
  const read = await readActivity(
    store,
    tenantId,
    subject,
    { from, before, after: skipToken === undefined ? undefined : placeOf(skipToken) },
    (part) => {
      tally?.add(part);
      if (value.length === size) {
        next = endOfPage;
        return tally !== undefined;
      }
      value.push(shownAttendance(part));
      endOfPage = { startTicks: part.call.startTicks, call: part.call.call };
      return true;
    },
    limits,
  );
  if (tally === undefined) return { value, next: nextLink(next ?? read.next), first: undefined };
  const logs = new Map<PhoneLog, PhoneActivity>();
  const newest: { user: PhoneUser | null; at: string | null } = { user: null, at: null };
  for (const log of phoneLogs) {
    const { activity, user } = await readPhoneActivity(store, tenantId, log, { from, before }, request.rows);
    logs.set(log, activity);
    const { newestDateTime } = activity;
    newest.user ??= user;
    if (newestDateTime !== null && (newest.at === null || isLater(newestDateTime, newest.at)))
      newest.at = newestDateTime;
  }
  const phone = Object.fromEntries(logs) as ActivityFacts['phone']; // every log is read
  const summary = tally.summary();
  const { notAnswered, canceled } = summary.unanswered.received;
  const newestCall = value[0]?.startDateTime ?? null;
  return {
    value,
    next: nextLink(next ?? read.next),
    first: {
      tally,
      user: newest.user,
      lastSeenDateTime:
        newestCall !== null && (newest.at === null || isLater(newestCall, newest.at))
          ? newestCall
          : newest.at,
      facts: {
        span: { fromDateTime: formatTicks(from), toDateTime: formatTicks(before) },
        counted: {
          calls: summary.calls,
          isAll: read.readFromDateTime === undefined,
          fromDateTime: read.readFromDateTime ?? formatTicks(from),
          damagedCalls: read.damaged,
        },
        summary,
        missed: {
          notAnswered,
          canceled,
          phoneLogs: phoneLogs.reduce((sum, log) => sum + phone[log].missed, 0),
        },
        phone,
      },
    },
  };

  function placeOf(token: string): CallPosition {
    const { index: call, startTicks = 0n } = skipTokens.parse(token, binding);
    return { call, startTicks };
  }

  function nextLink(position: CallPosition | undefined): ActivityAnswer['next'] {
    if (position === undefined) return {};
    const { call: index, startTicks } = position;
    const token = skipTokens.format({ ...nowhere, index, startTicks }, binding);
    return { '@odata.nextLink': `${request.url}?${optionsOf(query)}&$skiptoken=${token}` };
  }
}

/** Before and after the time of every call. */
const ever = 2n ** 62n;

/** Returns the person as in the newest of all calls; `undefined` when no call has them. */
export async function newestAttendance(
  { store }: PeopleParts,
  tenantId: string,
  subject: ActivitySubject,
): Promise<{ readonly person: ActivityPerson; readonly startDateTime: string } | undefined> {
  let newest: { person: ActivityPerson; startDateTime: string } | undefined;
  const span = { from: -ever, before: ever, after: undefined };
  await readActivity(store, tenantId, subject, span, ({ person, call }) => {
    newest = { person, startDateTime: formatTicks(call.startTicks) };
    return false;
  });
  return newest;
}

/** The seek position's unused members: a list of calls has no edition. */
const nowhere = { edition: 0, pageSize: undefined, omitNulls: false, includeUnknownEnumMembers: false };

/** Returns the options of a next link, which states the span: without a stated end it would move with the clock. */
function optionsOf({ from, before, size }: ActivityQuery): string {
  return `from=${formatTicks(from)}&to=${formatTicks(before)}&$top=${size}`;
}

function isLater(one: string, other: string): boolean {
  return Date.parse(one) > Date.parse(other);
}
