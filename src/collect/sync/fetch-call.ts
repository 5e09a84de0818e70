/** Fetches one call from upstream: its two lists with all pages, all of one version. */
import type { Clock } from '../../base/clock.ts';
import { CallPages, readVersion } from '../ingest/call-pages.ts';
import { openSegments, type OpenSegments, pageEntries, withSegments } from '../ingest/nested-segments.ts';
import type { ListName } from '../ingest/read-call.ts';
import { withoutByteOrderMark } from '../ingest/response-page.ts';
import { joinedOddities, noOddities, type Oddity } from '../../contract/oddities.ts';
import type { ReceivedCall } from '../../store/received-call.ts';
import { isLasting, UpstreamFailure } from './failure.ts';
import { mostPagesOfCall, PageWalk } from './page-walk.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { parseUpstream } from './parse-upstream.ts';
import { requestRetry, withRetry } from './with-retry.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface FetchedCall {
  readonly call: ReceivedCall;
  /** Absent when neither body contains it. */
  readonly version: bigint | undefined;
  readonly participants: number;
  readonly sessions: number;
  readonly pages: number;
  /** Why a list is incomplete, at most one per list; empty when both are complete. */
  readonly failures: readonly ListFailure[];
}

export interface ListFailure {
  /** The missing part: the call, a whole list, or pages of one. */
  readonly unit: 'call' | 'list' | 'page';
  readonly failure: UpstreamFailure;
}

/** A list with the pages that could be read. */
interface FollowedList {
  /** Absent when even the first body is unusable. */
  readonly pages: CallPages | undefined;
  /** False when segments of a session are missing. */
  readonly isWhole: boolean;
  readonly failure: ListFailure | undefined;
}

interface CallFetchOptions {
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly callId: string;
  /** The version from the list of calls, used when a body has no version. */
  readonly listedVersion?: bigint | undefined;
  readonly signal: AbortSignal;
  readonly onPage?: () => void;
}

/** Graph expands one relationship per request; segments come within their sessions. */
const expansions: Readonly<Record<ListName, string>> = {
  sessions: 'sessions($expand=segments)',
  participants_v2: 'participants_v2',
};

const byteOrderMark: readonly Oddity[] = [{ part: 'record', reason: 'byteOrderMark', count: 1 }];

/** Maximum bytes of the later pages of a call: a million participants are about 600 MB. */
const mostBytes = 2 ** 30;

/**
 * After this many endless lists of segments, the other sessions' segments are not followed: Graph's limit is reached.
 */
const mostEndlessWalks = 2;

/** How many times a call is read when it changes during the read. */
const rounds = 3;

export class CallFetch {
  readonly #options: CallFetchOptions;
  readonly #path: string;
  #laterPages = 0;
  #bytes = 0;
  /** The number of sessions whose lists of segments did not end. */
  #endlessWalks = 0;

  constructor(options: CallFetchOptions) {
    this.#options = options;
    this.#path = `v1.0/communications/callRecords/${encodeURIComponent(options.callId)}`;
  }

  /**
   * Fetches the call. @throws UpstreamFailure when no part of the call is available, or no two lists have one version
   */
  async fetch(): Promise<FetchedCall> {
    let [sessions, participants] = await this.#lists();
    if (sessions.pages === undefined && participants.pages === undefined) throw sessions.failure!.failure; // or it had pages
    for (let round = 1; round < rounds; round++) {
      const { version: newest, failure } = await this.#newestVersion(sessions, participants);
      const areOld = [sessions, participants].map((list) => isOlder(list, newest));
      if (!areOld.includes(true)) return built(() => this.#fetched(sessions, participants, failure));
      if (areOld[0] === true) sessions = await this.#list('sessions');
      if (areOld[1] === true) participants = await this.#list('participants_v2');
    }
    const versions = [sessions, participants].flatMap(({ pages }) => pages?.version ?? []);
    if (new Set(versions).size <= 1) return built(() => this.#fetched(sessions, participants, undefined));
    throw new UpstreamFailure('versionsDisagree');
  }

  /**
   * Reads the first pages of the lists in turn and their later pages concurrently, so that slow responses do not waste
   * Graph's limit.
   */
  async #lists(): Promise<[sessions: FollowedList, participants: FollowedList]> {
    const followSessions = await this.#begin('sessions');
    const followParticipants = await this.#begin('participants_v2');
    const [sessions, participants] = await Promise.allSettled([followSessions(), followParticipants()]);
    if (sessions.status === 'rejected') throw sessions.reason as Error;
    if (participants.status === 'rejected') throw participants.reason as Error;
    return [sessions.value, participants.value];
  }

  /** Requests the call again after several pages, to detect a change while they were read. */
  async #newestVersion(
    sessions: FollowedList,
    participants: FollowedList,
  ): Promise<{ readonly version: bigint | undefined; readonly failure?: UpstreamFailure }> {
    const seen = [sessions, participants].flatMap(({ pages }) => pages?.version ?? []);
    const pages = [sessions, participants].map((list) => list.pages?.evidence.pages ?? 0);
    if (Math.max(...pages) === 1) return { version: highest(seen) };
    try {
      const version = await this.#ask(async () => parseUpstream(await this.#get(this.#path), readVersion));
      return { version: highest(version === undefined ? seen : [...seen, version]) };
    } catch (error) {
      // The received pages are kept although their version is uncertain; the call is fetched again.
      if (error instanceof UpstreamFailure && error.isOfContent)
        return { version: highest(seen), failure: error };
      throw error;
    }
  }

  async #list(name: ListName): Promise<FollowedList> {
    const follow = await this.#begin(name);
    return follow();
  }

  /** Requests the first page of a list. @returns A function that follows it to its last page. */
  async #begin(name: ListName): Promise<() => Promise<FollowedList>> {
    try {
      const { pages, ofSegments } = await this.#ask(async () => {
        const received = await this.#get(`${this.#path}?$expand=${expansions[name]}`);
        const { body, failure } = await this.#wholeSegments(name, received);
        const read = (text: Buffer) => new CallPages(text, this.#options.callId, name);
        return { pages: parseUpstream(body, read), ofSegments: failure };
      });
      return () => this.#finish(name, pages, ofSegments);
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !error.isOfContent) throw error;
      const failure = { unit: 'list', failure: error } as const;
      return () => Promise.resolve({ pages: undefined, isWhole: false, failure });
    }
  }

  /** Follows a list to its last page. @param ofFirst Why segments of its first page are missing. */
  async #finish(
    name: ListName,
    pages: CallPages,
    ofFirst: UpstreamFailure | undefined,
  ): Promise<FollowedList> {
    let isWhole = true;
    let failure: ListFailure | undefined;
    const lose = (unit: ListFailure['unit'], error: UpstreamFailure) =>
      (failure ??= { unit, failure: error });
    const loseSegments = (error: UpstreamFailure | undefined) => {
      if (error === undefined) return;
      isWhole = false;
      lose('page', error);
    };
    loseSegments(ofFirst);
    if (!pages.isSent) lose('list', new UpstreamFailure('listNotSent', { detail: name }));
    const walk = new PageWalk(mostPagesOfCall);
    walk.received(pages.listText, pages.count > 0);
    try {
      while (pages.nextLink !== undefined) {
        const link = pages.nextLink;
        const before = pages.count;
        this.#follow(link, walk);
        const page = await this.#ask(async () => {
          const received = await this.#later(link);
          const { body, failure: ofSegments } = await this.#wholeSegments(name, received);
          return { received, ofSegments, isList: parseUpstream(body, (text) => pages.addPage(text)) };
        });
        loseSegments(page.ofSegments);
        if (!page.isList) lose('page', withoutList(page.received));
        walk.received(pages.listText, pages.count > before);
      }
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      lose('page', error);
    }
    // As in `verify`, a call without sessions is not known to lack them.
    if (pages.isDenied && name === 'participants_v2')
      lose('list', new UpstreamFailure('listMissing', { detail: name }));
    if (pages.hasOddLink)
      lose('page', new UpstreamFailure('notUnderstood', { detail: 'a next link is not a string' }));
    return { pages, isWhole, failure };
  }

  /** Follows next links of segments, and inserts the segments in their sessions. */
  async #wholeSegments(
    name: ListName,
    body: Buffer,
  ): Promise<{ readonly body: Buffer; readonly failure: UpstreamFailure | undefined }> {
    if (name !== 'sessions') return { body, failure: undefined };
    const bytes = withoutByteOrderMark(body);
    const { open, lost } = parseUpstream(body, () => openSegments(bytes));
    let failure =
      lost === 0
        ? undefined
        : new UpstreamFailure('notUnderstood', {
            detail: 'a session has more segments, but no usable next link',
          });
    if (open.length === 0) return { body, failure };
    const additions: Buffer[][] = [];
    for (const session of open) {
      if (this.#endlessWalks >= mostEndlessWalks) {
        additions.push([]);
        continue;
      }
      const followed = await this.#segmentsOf(session);
      additions.push(followed.texts);
      failure ??= followed.failure;
      if (followed.failure !== undefined && isLasting(followed.failure)) this.#endlessWalks++;
    }
    const mark = body.subarray(0, body.length - bytes.length);
    return { body: Buffer.concat([mark, withSegments(bytes, open, additions)]), failure };
  }

  async #segmentsOf({ nextLink }: OpenSegments) {
    const texts: Buffer[] = [];
    const walk = new PageWalk(mostPagesOfCall);
    let failure: UpstreamFailure | undefined;
    try {
      for (let link: string | undefined = nextLink; link !== undefined;) {
        const at = link;
        this.#follow(at, walk);
        const page = await this.#ask(async () => {
          const body = await this.#later(at);
          return { body, ...parseUpstream(body, pageEntries) };
        });
        if (page.entries === undefined) failure ??= withoutList(page.body);
        else texts.push(page.entries);
        walk.received(page.entries, page.entries?.some((byte) => byte > 0x20) === true);
        link = page.nextLink;
      }
    } catch (error) {
      if (!(error instanceof UpstreamFailure)) throw error;
      failure ??= error;
    }
    return { texts, failure };
  }

  /** Counts a page of a list and of the call before it is requested. */
  #follow(link: string, walk: PageWalk): void {
    walk.follow(link);
    if (++this.#laterPages > mostPagesOfCall)
      throw new UpstreamFailure('pagesUnending', { detail: `more than ${mostPagesOfCall} pages` });
  }

  /** Returns the fetched call. @param glance Why the lists may not be of one version. */
  #fetched(
    sessions: FollowedList,
    participants: FollowedList,
    glance: UpstreamFailure | undefined,
  ): FetchedCall {
    const failures = [sessions, participants].flatMap(({ failure }) => failure ?? []);
    if (glance !== undefined) failures.push({ unit: 'page', failure: glance });
    const pagesOf = ({ pages }: FollowedList) => pages?.evidence.pages ?? 0;
    const version = sessions.pages?.version ?? participants.pages?.version ?? this.#options.listedVersion;
    const counts = {
      ...{ version, failures },
      pages: pagesOf(sessions) + pagesOf(participants),
      participants: participants.pages?.count ?? 0,
      sessions: sessions.pages?.count ?? 0,
    };
    return { ...counts, call: { ...this.#joined(sessions, participants), version } };
  }

  /** Joins the record and the sessions of one body with the participants of the other. */
  #joined(sessions: FollowedList, participants: FollowedList): ReceivedCall {
    const bodies = [sessions.pages, participants.pages];
    const marks = bodies.some((pages) => pages?.hasByteOrderMark === true) ? byteOrderMark : noOddities;
    // The caller has checked that one of the two has pages.
    const { pages, isWhole } = sessions.pages === undefined ? participants : sessions;
    const { call } = pages!.call(isWhole);
    if (sessions.pages === undefined || participants.pages === undefined)
      return { ...call, odd: joinedOddities(call.odd, marks) };
    const own = participants.pages.participants();
    return {
      ...call,
      participants: own.participants,
      odd: joinedOddities(call.odd, own.odd, marks),
      setAside: [...call.setAside, ...own.setAside],
    };
  }

  async #get(path: string): Promise<Buffer> {
    const { client, callId, signal, onPage } = this.#options;
    const body = await client.get(path, { of: 'record', callId }, signal);
    onPage?.();
    return body;
  }

  async #later(link: string): Promise<Buffer> {
    const { client, callId, signal, onPage } = this.#options;
    const body = await client.follow(link, { of: 'record', callId }, signal);
    onPage?.();
    this.#bytes += body.length;
    if (this.#bytes > mostBytes)
      throw new UpstreamFailure('pagesUnending', { detail: `more than ${mostBytes} bytes` });
    return body;
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return withRetry(ask, this.#options, requestRetry);
  }
}

/** Builds a call. Text that is not a callRecord fails this call only. */
function built<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new UpstreamFailure('notUnderstood', { detail: error.message, cause: error });
  }
}

function withoutList(body: Buffer): UpstreamFailure {
  return new UpstreamFailure('notUnderstood', { detail: 'a page has no list of values', body });
}

function highest(versions: readonly bigint[]): bigint | undefined {
  return [...versions].sort((a, b) => Number(b - a))[0];
}

/** Returns true for a list of an earlier version. A list without a version counts as the newest. */
function isOlder({ pages }: FollowedList, newest: bigint | undefined): boolean {
  return pages?.version !== undefined && newest !== undefined && pages.version < newest;
}
