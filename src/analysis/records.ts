/**
 * Declares the parts of a call's lists that the analysis reads. Any member may be absent or null, and in an odd record a
 * value of another type.
 */
import type { IdentitySet } from './identity.ts';

export type InferenceSource = 'sessions' | 'participants' | 'organizer';

export interface RecordParticipant {
  readonly id: string;
  readonly identity?: IdentitySet | null;
  /** Set on inferred participants: their source. */
  readonly '@rollcall.source'?: InferenceSource;
}

export interface RecordEndpoint {
  readonly identity?: IdentitySet | null;
  readonly associatedIdentity?: IdentitySet | null;
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
