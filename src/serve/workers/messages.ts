/** Messages between the supervisor and its workers: JSON over the channel of a forked process. */
import type { ObservedRequests } from '../observe/metrics.ts';

/** How a worker begins. */
export interface WorkerStart {
  /** The socket on which the supervisor answers what a worker forwards. */
  readonly privatePath: string;
  /** The options of the command, as JSON can hold them. */
  readonly configuration: object;
}

/** A connection comes with its socket. */
export type SupervisorMessage =
  | ({ readonly kind: 'start' } & WorkerStart)
  | { readonly kind: 'connection' }
  | { readonly kind: 'report' }
  /** Answer accepted requests, then end. */
  | { readonly kind: 'drain' };

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** Acknowledges a connection, in the order in which they were sent. */
  | { readonly kind: 'taken' }
  /** Acknowledged connections that have ended since the last message. */
  | { readonly kind: 'closed'; readonly count: number }
  /** The metrics since the start of the worker: the answer to `report`, and the last message of a worker that drains. */
  | { readonly kind: 'report'; readonly observed: ObservedRequests }
  | { readonly kind: 'failure'; readonly failure: WorkerFailure }
  /** An authority does not answer the worker. */
  | { readonly kind: 'authority' };

/** A failure for the log of the supervisor, which logs those of all workers once. */
export interface WorkerFailure {
  readonly message: string;
  /** The store does not answer, as opposed to damaged data or another service. */
  readonly isStore: boolean;
  /** `requestId` or `about`, and the trace. */
  readonly of: Readonly<Record<string, string | undefined>>;
}
