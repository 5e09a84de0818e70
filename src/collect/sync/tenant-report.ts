/** Collects what the sync of a tenant did, and its current problems, for the operator, the metrics and the outcome. */
import type { FetchOutcome } from '../../store/upstream.ts';
import type { LimitWait } from './rate-limiter.ts';
import type { FetchedCall } from './fetch-call.ts';
import type { SyncProblem } from './problem.ts';

/** A state that lasts until the next event of its kind. */
export interface SyncEvent {
  readonly tenantId: string;
  readonly about: 'upstream' | 'store' | 'list' | 'log' | 'subscription' | 'lease' | 'standby';
  /** The problem; absent when it is resolved. */
  readonly problem?: string;
}

const noCounts = {
  /** Calls seen in lists. */
  seen: 0,
  /** Calls fetched and stored with all pages. */
  records: 0,
  newVersions: 0,
  participants: 0,
  sessions: 0,
  pages: 0,
  logRows: 0,
  requests: 0,
};

export interface TenantOutcome extends Readonly<typeof noCounts> {
  readonly tenantId: string;
  /** Calls that upstream has and the store lacks or has incompletely. */
  readonly incomplete: number;
  /** Calls that were listed but that upstream no longer has. */
  readonly gone: number;
  /** The first problems: missing data, and oddities in stored data. */
  readonly problems: readonly SyncProblem[];
  readonly problemCount: number;
  /** Quarantined pieces larger than an entry of a call, from all runs. */
  readonly setAside: number;
  /** True when data is missing or was quarantined in this run, not merely odd. */
  readonly hasLoss: boolean;
  /** True when no request to the tenant's upstream succeeded. */
  readonly failed: boolean;
}

/** Maximum problems that an outcome lists; the rest are counted. */
export const mostProblems = 1000;
/** Maximum problems remembered, so that each is logged once. */
const mostRemembered = 10_000;

export interface ReportOptions {
  readonly tenantId: string;
  readonly onEvent: (event: SyncEvent) => void;
  readonly onProblem: (tenantId: string, problem: SyncProblem) => void;
}

export class TenantReport {
  readonly counts = { ...noCounts };
  /** Requests that waited for an upstream limit, and the total wait. */
  readonly waits = { count: 0, ms: 0 };
  readonly waiting = new Set<LimitWait>();
  /** Received pages of calls, including those of calls in progress. */
  pagesReceived = 0;
  /** How often the lease was lost before it was released. */
  lostLeases = 0;
  /** Permanent problems: the first ones, their number, and whether any is a loss. */
  readonly problems = { named: [] as SyncProblem[], count: 0, hasLoss: false };
  /** Why calls are not stored completely, by call id, until they are. */
  readonly unstored = new Map<string, SyncProblem>();
  readonly #remembered = new Set<string>();
  readonly #options: ReportOptions;

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  /** Reports a state. @param problem Absent when it is resolved. */
  report(about: SyncEvent['about'], problem?: string): void {
    this.#options.onEvent({
      tenantId: this.#options.tenantId,
      about,
      ...(problem !== undefined && { problem }),
    });
  }

  /** Reports a problem once. */
  problem(problem: SyncProblem): void {
    if (!this.#remember(problem)) return;
    this.#options.onProblem(this.#options.tenantId, problem);
    const { problems } = this;
    problems.count++;
    problems.hasLoss ||= problem.isLoss;
    if (problems.named.length < mostProblems) problems.named.push(problem);
  }

  /**
   * Reports why a call is not stored completely. @param hasLasted True when it is logged; temporary failures are not.
   */
  callProblem(call: string, problem: SyncProblem, hasLasted: boolean): void {
    if (this.unstored.size < mostRemembered || this.unstored.has(call)) this.unstored.set(call, problem);
    if (hasLasted && this.#remember(problem)) this.#options.onProblem(this.#options.tenantId, problem);
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

  /** Remembers a problem. @returns False when it was already known. */
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
