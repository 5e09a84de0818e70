/** What the sync of a tenant did, and what keeps it from going on: for the operator, the metrics and the outcome. */
import type { WantSettlement } from '../store/upstream.ts';
import type { FetchedCall } from './fetch-call.ts';

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
  /** Why not everything is there. */
  readonly problems: readonly string[];
  /** True when the tenant's upstream could not be asked at all. */
  readonly failed: boolean;
}

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
  /** How often the lease was lost before it was released. */
  lostLeases = 0;
  /** Why not everything is there; each once. */
  readonly problems = new Set<string>();
  readonly #tenantId: string;
  readonly #onEvent: (event: SyncEvent) => void;

  constructor(tenantId: string, onEvent: (event: SyncEvent) => void) {
    this.#tenantId = tenantId;
    this.#onEvent = onEvent;
  }

  /** @param problem Absent when it is well again. */
  tell(about: SyncEvent['about'], problem?: string): void {
    this.#onEvent({ tenantId: this.#tenantId, about, ...(problem !== undefined && { problem }) });
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

  stored(newVersions: number, settled: readonly WantSettlement[]): void {
    this.counts.newVersions += newVersions;
    this.counts.records += settled.filter(({ outcome }) => outcome === 'stored').length;
  }
}
