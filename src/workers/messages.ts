/** What the supervising process and its workers say to each other: JSON over the channel of a forked process. */
import type { ObservedRequests } from '../http/metrics.ts';
import type { MetRequests } from '../http/stage/met-requests.ts';

/** How a worker begins. */
export interface Start {
  /** There the supervisor answers what a worker may not. */
  readonly privatePath: string;
  /** How to answer, as the command gives it: what can be written as JSON. */
  readonly configuration: object;
}

/** What a worker is told. A connection comes with its socket. */
export type Told =
  | ({ readonly kind: 'start' } & Start)
  | { readonly kind: 'connection' }
  /** Whether a worker may answer anything by itself: first said when it is ready. */
  | { readonly kind: 'alone'; readonly isAlone: boolean; readonly number: number }
  | { readonly kind: 'report'; readonly number: number }
  /** Answer what was accepted, then end. */
  | { readonly kind: 'drain' };

/** What a worker says. */
export type Said =
  | { readonly kind: 'ready' }
  /** A connection was taken, in the order they were told. */
  | { readonly kind: 'taken' }
  /** Connections that were taken and have ended since the last time. */
  | { readonly kind: 'closed'; readonly count: number }
  /** In answer to `alone` or `report`. */
  | { readonly kind: 'done'; readonly number: number; readonly report?: WorkerReport }
  /** Requests met, when there are too many to be kept until they are asked for. */
  | { readonly kind: 'met'; readonly met: MetRequests }
  /** The last word of one that was told to drain. */
  | { readonly kind: 'ended'; readonly report: WorkerReport };

export interface WorkerReport {
  /** Since the start of the worker. */
  readonly observed: ObservedRequests;
  /** Since the last report, where there is a stage that counts. */
  readonly met: MetRequests;
}
