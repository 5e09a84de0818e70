/** One call from upstream: its two lists with every page of them, all of one version. */
import type { Clock } from '../clock.ts';
import { CallPages, readVersion } from '../ingest/call-pages.ts';
import { openSegments, type OpenSegments, pageEntries, withSegments } from '../ingest/nested-segments.ts';
import type { ListName } from '../ingest/read-call.ts';
import type { ReceivedCall } from '../store/store.ts';
import type { BudgetedRequest } from './budget.ts';
import { UpstreamFailure } from './failure.ts';
import { requestRetry, withRetry } from './retry.ts';
import { understand } from './understand.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface FetchedCall {
  readonly call: ReceivedCall;
  readonly version: bigint;
  readonly participants: number;
  readonly sessions: number;
  readonly pages: number;
  /** Why a list is not complete; `undefined` when both are. */
  readonly failure: UpstreamFailure | undefined;
}

/** A list as far as it could be followed. */
interface FollowedList {
  readonly pages: CallPages;
  /** False when segments of some session are missing. */
  readonly isWhole: boolean;
  readonly failure: UpstreamFailure | undefined;
}

/** Graph expands one relationship a request; segments come within their sessions. */
const expansions: Readonly<Record<ListName, string>> = {
  sessions: 'sessions($expand=segments)',
  participants_v2: 'participants_v2',
};

/** How often a call that changes while it is read is read again at once. */
const rounds = 3;

export class CallFetch {
  readonly #client: UpstreamClient;
  readonly #clock: Clock;
  readonly #callId: string;
  readonly #signal: AbortSignal;
  readonly #path: string;

  constructor(client: UpstreamClient, clock: Clock, callId: string, signal: AbortSignal) {
    this.#client = client;
    this.#clock = clock;
    this.#callId = callId;
    this.#signal = signal;
    this.#path = `v1.0/communications/callRecords/${encodeURIComponent(callId)}`;
  }

  /** @throws UpstreamFailure when there is nothing of the call, or no two lists of one version */
  async fetch(): Promise<FetchedCall> {
    let sessions = await this.#list('sessions');
    let participants = await this.#list('participants_v2');
    for (let round = 1; round < rounds; round++) {
      const newest = await this.#newestVersion(sessions, participants);
      if (sessions.pages.version === newest && participants.pages.version === newest)
        return fetchedOf(sessions, participants);
      if (sessions.pages.version < newest) sessions = await this.#list('sessions');
      if (participants.pages.version < newest) participants = await this.#list('participants_v2');
    }
    if (sessions.pages.version === participants.pages.version) return fetchedOf(sessions, participants);
    throw new UpstreamFailure('versionsDisagree');
  }

  /** After several pages of the last list, a glance at the call tells whether it changed while they were followed. */
  async #newestVersion(sessions: FollowedList, participants: FollowedList): Promise<bigint> {
    const seen = participants.pages.version > sessions.pages.version ? participants : sessions;
    if (participants.pages.evidence.pages === 1) return seen.pages.version;
    const version = await this.#ask(async () => {
      const body = await this.#client.get(this.#path, this.#request('first'), this.#signal);
      return understand(() => readVersion(body));
    });
    return version > seen.pages.version ? version : seen.pages.version;
  }

  async #list(name: ListName): Promise<FollowedList> {
    const first = await this.#ask(() =>
      this.#client.get(`${this.#path}?$expand=${expansions[name]}`, this.#request('first'), this.#signal),
    );
    let { body, failure } = await this.#wholeSegments(name, first);
    const pages = understand(() => new CallPages(body, this.#callId, name));
    let isWhole = failure === undefined;
    while (pages.nextLink !== undefined) {
      const link = pages.nextLink;
      try {
        await this.#ask(async () => {
          const received = await this.#client.follow(link, this.#request('later'), this.#signal);
          const page = await this.#wholeSegments(name, received);
          if (page.failure !== undefined) isWhole = false;
          failure ??= page.failure;
          body = page.body;
          understand(() => pages.addPage(body));
        });
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        return { pages, isWhole, failure: error };
      }
    }
    return { pages, isWhole, failure };
  }

  /** Follows the segments that go on behind next links of their own, and puts them where they belong. */
  async #wholeSegments(
    name: ListName,
    body: Buffer,
  ): Promise<{ body: Buffer; failure: UpstreamFailure | undefined }> {
    const open = name === 'sessions' ? understand(() => openSegments(body)) : [];
    if (open.length === 0) return { body, failure: undefined };
    const additions: Buffer[][] = [];
    let failure: UpstreamFailure | undefined;
    for (const session of open) {
      const followed = await this.#segmentsOf(session);
      additions.push(followed.texts);
      failure ??= followed.failure;
    }
    return { body: withSegments(body, open, additions), failure };
  }

  async #segmentsOf({ nextLink }: OpenSegments) {
    const texts: Buffer[] = [];
    try {
      for (let link: string | undefined = nextLink; link !== undefined;) {
        const at = link;
        const page = await this.#ask(async () => {
          const body = await this.#client.follow(at, this.#request('later'), this.#signal);
          return understand(() => pageEntries(body));
        });
        texts.push(page.entries);
        link = page.nextLink;
      }
      return { texts, failure: undefined };
    } catch (error) {
      if (error instanceof UpstreamFailure) return { texts, failure: error };
      throw error;
    }
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return withRetry(ask, { clock: this.#clock, signal: this.#signal, ...requestRetry });
  }

  #request(page: 'first' | 'later'): BudgetedRequest {
    return { of: 'record', page, callId: this.#callId };
  }
}

function fetchedOf(sessions: FollowedList, participants: FollowedList): FetchedCall {
  const withSessions = sessions.pages.call(sessions.isWhole);
  return {
    call: { ...withSessions.call, participants: participants.pages.participants() },
    version: sessions.pages.version,
    participants: participants.pages.count,
    sessions: withSessions.sessions,
    pages: sessions.pages.evidence.pages + participants.pages.evidence.pages,
    failure: sessions.failure ?? participants.failure,
  };
}
