/** What the handler of a route receives: a request that is understood and allowed, and the parts of the server it may use. */
import type { Edm } from '../contract/edm.ts';
import type { Cloud, Resource } from '../contract/resources.ts';
import type { MediaFormat } from '../query/odata/accept.ts';
import type { SkipTokens } from '../query/odata/skip-token.ts';
import type { BodyMembers } from '../query/plan/members.ts';
import type { Deprecated, ReadRequest } from '../query/plan/read-plan.ts';
import type { Target } from '../query/plan/target.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { CallersHandshake } from './bounded-handshake.ts';
import type { Caller } from './caller.ts';
import type { GraphRequest } from './messages.ts';

/** The parts a read uses. */
export interface ReadParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
  readonly cloud: Cloud;
  /** Ignores undocumented query options, with a `Warning`, instead of refusing them. */
  readonly loose: boolean;
  readonly deprecated: Deprecated;
  /** Shows the inferred participants of a call after those received, unless a request prefers otherwise. */
  readonly reconciled: boolean;
}

/** A request understood and allowed, for the handler of its route. */
export interface Read extends ReadRequest {
  readonly request: GraphRequest;
  readonly caller: Caller;
  readonly target: Target;
  readonly resource: Resource;
  readonly edm: Edm;
  /** Shows the inferred participants after those received. */
  readonly reconciled: boolean;
  /** Query options that a loose server ignores. */
  readonly ignored: readonly string[];
}

/** Returns the id of the call as the client wrote it: links and contexts show it so, as Graph's do. */
export function askedCall({ target }: Read): string {
  return target.keys[0] ?? '';
}

/** The parts a change uses. */
export interface WriteParts extends ReadParts {
  readonly clock: () => Date;
  /** Asks an endpoint whether it accepts notifications. */
  readonly handshake: CallersHandshake;
  /** False where endpoints may be plain http: for developing. */
  readonly requiresHttps: boolean;
}

/** A change understood and allowed, for the handler of its route. */
export interface Write {
  readonly request: GraphRequest;
  readonly caller: Caller;
  readonly target: Target;
  readonly media: MediaFormat;
  /** Of the entity in the body; none where the method takes no body. */
  readonly members: BodyMembers;
}
