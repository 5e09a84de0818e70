/** What the sync of a tenant did, and what keeps it from going on: for the operator, the metrics and the outcome. */
import type { FetchOutcome } from '../../store/upstream.ts';
import type { LimitWait } from './rate-limiter.ts';
import type { FetchedCall } from './fetch-call.ts';
import type { SyncProblem } from './problem.ts';

/** A state that holds until the next of its kind. */
export interface SyncEvent {
  readonly tenantId: string;
  readonly about: 'upstream' | 'store' | 'list' | 'log' | 'subscription' | 'lease' | 'standby';
  /** What is wrong; absent when it is well again. */
  readonly problem?: string;
}

interface SyncCounts {
  /** Calls seen in lists. */
  seen: number;
  /** Calls fetched and stored with every page. */
  records: number;
  newVersions: number;
  participants: number;
  sessions: number;
  pages: number;
  logRows: number;
  /** Requests sent to upstream. */
  requests: number;
}

export interface TenantOutcome extends SyncCounts {
  readonly tenantId: string;
  /** Calls that upstream has and the store has not, or not wholly. */
  readonly incomplete: number;
  /** Calls that were seen and that upstream does not have any more. */
  readonly gone: number;
  /** Why not everything is there, and what is odd in what is there: the first of them. */
  readonly problems: readonly SyncProblem[];
  /** How many there are in all. */
  readonly problemCount: number;
  /** Pieces in the quarantine that are more than an entry of a call, whenever a sync set them aside. */
  readonly setAside: number;
  /** True when something is missing or was set aside in this run, and not only odd. */
  readonly hasLoss: boolean;
  /** True when the tenant's upstream could not be asked at all. */
  readonly failed: boolean;
}

/** Problems that an outcome names; the rest are counted. */
export const mostProblems = 1000;
/** Problems that are remembered, so that each is logged once. */
const mostRemembered = 10_000;

export class TenantReport {
  readonly counts: SyncCounts = {
    seen: 0,
    records: 0,
    newVersions: 0,
    participants: 0,
    sessions: 0,
    pages: 0,
    logRows: 0,
    requests: 0,
  };
  /** Requests that waited for a limit of upstream's, and how long in all. */
  readonly waits = { count: 0, ms: 0 };
  /** Requests that wait for one at present. */
  readonly waiting = new Set<LimitWait>();
  /** Pages of calls received, those of calls that are being fetched among them. */
  pagesReceived = 0;
  /** How often the lease was lost before it was released. */
  lostLeases = 0;
  /** Those that stand whatever comes after them: the first, how many there are, and whether one of them is a loss. */
  readonly problems = { named: [] as SyncProblem[], count: 0, hasLoss: false };
  /** Why calls are not stored whole, by their ids, until they are. */
  readonly unstored = new Map<string, SyncProblem>();
  readonly #remembered = new Set<string>();
  readonly #tenantId: string;
  readonly #onEvent: (event: SyncEvent) => void;
  readonly #onProblem: (tenantId: string, problem: SyncProblem) => void;

  constructor(
    tenantId: string,
    onEvent: (event: SyncEvent) => void,
    onProblem: (tenantId: string, problem: SyncProblem) => void,
  ) {
    this.#tenantId = tenantId;
    this.#onEvent = onEvent;
    this.#onProblem = onProblem;
  }

  /** @param problem Absent when it is well again. */
  report(about: SyncEvent['about'], problem?: string): void {
    this.#onEvent({ tenantId: this.#tenantId, about, ...(problem !== undefined && { problem }) });
  }

  /** Reports a problem, each once. */
  problem(problem: SyncProblem): void {
    if (!this.#remember(problem)) return;
    this.#onProblem(this.#tenantId, problem);
    const { problems } = this;
    problems.count++;
    problems.hasLoss ||= problem.isLoss;
    if (problems.named.length < mostProblems) problems.named.push(problem);
  }

  /** Reports why a call is not stored whole. @param hasLasted Whether it is logged: what passes by itself is not. */
  callProblem(call: string, problem: SyncProblem, hasLasted: boolean): void {
    if (this.unstored.size < mostRemembered || this.unstored.has(call)) this.unstored.set(call, problem);
    if (hasLasted && this.#remember(problem)) this.#onProblem(this.#tenantId, problem);
  }

  waited(ms: number): void {
    this.waits.count++;
    this.waits.ms += ms;
  }

  fetched({ participants, sessions, pages }: FetchedCall): void {
    this.counts.participants += participants;
    this.counts.sessions += sessions;
    this.counts.pages += pages;
  }

  stored(newVersions: number, settled: readonly FetchOutcome[]): void {
    this.counts.newVersions += newVersions;
    for (const { outcome, callId } of settled) {
      if (outcome !== 'stored') continue;
      this.counts.records++;
      this.unstored.delete(callId);
    }
  }

  /** @returns False when it was remembered already. */
  #remember({ unit, call = '', reason, next }: SyncProblem): boolean {
    const key = [unit, call, reason, next].join('\n');
    if (this.#remembered.has(key)) return false;
    for (const oldest of this.#remembered) {
      if (this.#remembered.size < mostRemembered) break;
      this.#remembered.delete(oldest);
    }
    this.#remembered.add(key);
    return true;
  }
}
