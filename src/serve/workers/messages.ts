/** Defines the messages between the supervisor and its workers: JSON over the channel of a forked process. */
import type { ObservedRequests } from '../observe/metrics.ts';

export interface WorkerStart {
  /** The socket on which the supervisor answers forwarded requests. */
  readonly privatePath: string;
  /** The command's options, as JSON. */
  readonly configuration: object;
}

/** Messages to a worker. A connection is sent with its socket. */
export type SupervisorMessage =
  | ({ readonly kind: 'start' } & WorkerStart)
  | { readonly kind: 'connection' }
  | { readonly kind: 'report' }
  /** Tells the worker to answer accepted requests and then end. */
  | { readonly kind: 'drain' };

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** Acknowledges a connection, in the order of sending. */
  | { readonly kind: 'taken' }
  /** Reports how many acknowledged connections have closed since the last message. */
  | { readonly kind: 'closed'; readonly count: number }
  /** The metrics since its start: the reply to `report`, and the last message of a worker that drains. */
  | { readonly kind: 'report'; readonly observed: ObservedRequests }
  | { readonly kind: 'failure'; readonly failure: WorkerFailure }
  /** Reports that an authority does not respond. */
  | { readonly kind: 'authority' };

/** A failure for the supervisor's log, which combines those of all workers. */
export interface WorkerFailure {
  readonly message: string;
  /** True when the store does not respond, false for damaged data or another service. */
  readonly isStore: boolean;
  /** Contains `requestId` or `about`, and the trace. */
  readonly of: Readonly<Record<string, string | undefined>>;
}
