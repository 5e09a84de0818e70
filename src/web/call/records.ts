/** What of a call's lists the page reads. Everything may be absent or null: it is asked for without nulls. */
import type { PersonIdentity, IdentitySet } from './identity.ts';

/** What shows a participant whom no received list has. */
export type InferenceSource = 'sessions' | 'participants' | 'organizer';

export interface RecordParticipant {
  readonly id: string;
  readonly identity?: IdentitySet | null;
  /** On those who are inferred: who shows them. */
  readonly '@rollcall.source'?: InferenceSource;
}

export interface RecordEndpoint {
  readonly identity?: IdentitySet | null;
  readonly associatedIdentity?: PersonIdentity | null;
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

export interface RecordSession extends Span {
  readonly id: string;
  readonly modalities?: readonly string[] | null;
  readonly caller?: RecordEndpoint | null;
  readonly callee?: RecordEndpoint | null;
  readonly segments?: readonly Segment[] | null;
}
