/** Defines what a route's handler receives: a parsed and authorized request, and the parts of the server it may use. */
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

/** The parts of the server that a read uses. */
export interface ReadParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
  readonly cloud: Cloud;
  /** Ignores undocumented query options and adds a `Warning` header, instead of rejecting the request. */
  readonly loose: boolean;
  readonly deprecated: Deprecated;
  /** Shows the inferred participants after the received ones, unless the request's `Prefer` overrides it. */
  readonly reconciled: boolean;
}

/** A parsed and authorized read. */
export interface Read extends ReadRequest {
  readonly request: GraphRequest;
  readonly caller: Caller;
  readonly target: Target;
  readonly resource: Resource;
  readonly edm: Edm;
  /** Shows the inferred participants after the received ones. */
  readonly reconciled: boolean;
  /** Query options that were ignored because the server runs in loose mode. */
  readonly ignored: readonly string[];
}

/** Returns the id of the call as the client wrote it: links and contexts repeat it, as Graph's do. */
export function askedCall({ target }: Read): string {
  return target.keys[0] ?? '';
}

/** The parts of the server that a change uses. */
export interface WriteParts extends ReadParts {
  readonly clock: () => Date;
  /** Validates that an endpoint accepts notifications. */
  readonly handshake: CallersHandshake;
  /** False when endpoints may use plain http, during development. */
  readonly requiresHttps: boolean;
}

/** A parsed and authorized change. */
export interface Write {
  readonly request: GraphRequest;
  readonly caller: Caller;
  readonly target: Target;
  readonly media: MediaFormat;
  /** Members of the entity in the body; empty when the method has no body. */
  readonly members: BodyMembers;
}
