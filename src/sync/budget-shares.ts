/**
 * The budget of a tenant as its processes write it down together: each has its share, what it sent and what it may send
 * before it writes again. A share of a process that is gone counts until the last it may have sent counts no more.
 */
import { emptySnapshot, ended, isEmpty, joined, recent, type WindowSnapshot } from './sliding-window.ts';

export interface Share {
  readonly app: WindowSnapshot;
  readonly lists: readonly [first: WindowSnapshot, later: WindowSnapshot];
  readonly records: readonly (readonly [callId: string, first: WindowSnapshot, later: WindowSnapshot])[];
}

interface Saved {
  readonly shares: readonly (readonly [claimant: string, share: Share])[];
}

/** Limits and spans of the windows of a share. */
export interface ShareLimits {
  readonly app: WindowLimit;
  readonly lists: readonly [first: WindowLimit, later: WindowLimit];
  readonly records: readonly [first: WindowLimit, later: WindowLimit];
}

export interface WindowLimit {
  readonly requests: number;
  readonly spanMs: number;
}

/** The share of all who are gone. */
const nobody = '';

export class BudgetShares {
  readonly #shares: Map<string, Share>;

  /** @param text As `format` wrote it, or as the share of one process that an earlier release wrote. */
  constructor(text: string | undefined) {
    const saved = text === undefined ? { shares: [] } : (JSON.parse(text) as Saved | Share); // written by `format`
    this.#shares = new Map('shares' in saved ? saved.shares : [[nobody, saved]]);
  }

  /** What others sent and may send; those who are gone became one. */
  others(own: string, isLive: (claimant: string) => boolean, limits: ShareLimits, nowMs: number): Share {
    const gone: Share[] = [];
    for (const [claimant, share] of this.#shares) {
      if (claimant === own || isLive(claimant)) continue;
      gone.push(endedShare(share, limits, nowMs));
      this.#shares.delete(claimant);
    }
    const left = recentShare(joinedShares(gone), limits, nowMs);
    if (!isEmptyShare(left)) this.#shares.set(nobody, left);
    return joinedShares([...this.#shares].filter(([claimant]) => claimant !== own).map(([, share]) => share));
  }

  set(claimant: string, share: Share): void {
    this.#shares.set(claimant, share);
  }

  format(): string {
    const saved: Saved = { shares: [...this.#shares] };
    return JSON.stringify(saved);
  }
}

function eachWindow(
  { app, lists, records }: Share,
  limits: ShareLimits,
  change: (snapshot: WindowSnapshot, limit: WindowLimit) => WindowSnapshot,
): Share {
  return {
    app: change(app, limits.app),
    lists: [change(lists[0], limits.lists[0]), change(lists[1], limits.lists[1])],
    records: records.map(([callId, first, later]) => [
      callId,
      change(first, limits.records[0]),
      change(later, limits.records[1]),
    ]),
  };
}

function endedShare(share: Share, limits: ShareLimits, nowMs: number): Share {
  return eachWindow(share, limits, (snapshot, { requests }) => ended(snapshot, requests, nowMs));
}

function recentShare(share: Share, limits: ShareLimits, nowMs: number): Share {
  const left = eachWindow(share, limits, (snapshot, { spanMs }) => recent(snapshot, nowMs - spanMs));
  return { ...left, records: left.records.filter(([, first, later]) => !isEmpty(first) || !isEmpty(later)) };
}

function isEmptyShare({ app, lists, records }: Share): boolean {
  return isEmpty(app) && lists.every(isEmpty) && records.length === 0;
}

function joinedShares(shares: readonly Share[]): Share {
  const records = new Map<string, (readonly [first: WindowSnapshot, later: WindowSnapshot])[]>();
  for (const share of shares)
    for (const [callId, first, later] of share.records)
      records.set(callId, [...(records.get(callId) ?? []), [first, later]]);
  return {
    app: joined(shares.map(({ app }) => app)),
    lists: [joined(shares.map(({ lists }) => lists[0])), joined(shares.map(({ lists }) => lists[1]))],
    records: [...records].map(([callId, windows]) => [
      callId,
      joined(windows.map(([first]) => first)),
      joined(windows.map(([, later]) => later)),
    ]),
  };
}

export const emptyShare: Share = { app: emptySnapshot, lists: [emptySnapshot, emptySnapshot], records: [] };
