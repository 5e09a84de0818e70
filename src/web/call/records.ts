/** What of a call's lists the page reads. Everything may be absent or null: it is asked for without nulls. */
import type { Identity, IdentitySet } from './identity.ts';

/** What shows a participant whom no received list has. */
export type InferredFrom = 'sessions' | 'participants' | 'organizer';

export interface Participant {
  readonly id: string;
  readonly identity?: IdentitySet | null;
  /** On those who are inferred: who shows them. */
  readonly '@rollcall.source'?: InferredFrom;
}

export interface Endpoint {
  readonly identity?: IdentitySet | null;
  readonly associatedIdentity?: Identity | null;
  readonly userAgent?: { readonly platform?: string | null; readonly productFamily?: string | null } | null;
}

interface Span {
  readonly startDateTime?: string | null;
  readonly endDateTime?: string | null;
  readonly failureInfo?: { readonly reason?: string | null; readonly stage?: string | null } | null;
}

interface Media {
  readonly label?: string | null;
  readonly streams?: readonly Readonly<Record<string, unknown>>[] | null;
}

interface Segment extends Span {
  readonly id: string;
  readonly media?: readonly Media[] | null;
}

export interface Session extends Span {
  readonly id: string;
  readonly modalities?: readonly string[] | null;
  readonly caller?: Endpoint | null;
  readonly callee?: Endpoint | null;
  readonly segments?: readonly Segment[] | null;
}
