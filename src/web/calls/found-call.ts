/** A call as the server finds it. */
import type { CompletenessState } from '../../contract/completeness-state.ts';

export interface FoundCallRow {
  readonly id: string;
  readonly version: number;
  readonly type: string | null;
  readonly modalities: readonly string[];
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
  readonly joinWebUrl: string | null;
  readonly organizer: {
    readonly displayName: string | null;
    readonly id: string | null;
    readonly kind: string;
  } | null;
  readonly participants: number;
  readonly sessions: number;
  readonly failed: boolean;
  readonly poor: boolean;
  readonly incomplete: boolean;
  readonly state: CompletenessState;
}

export function callHref({ id }: Pick<FoundCallRow, 'id'>): string {
  return `/calls/${encodeURIComponent(id)}`;
}

const typeNames: Readonly<Record<string, string>> = { groupCall: 'Group call', peerToPeer: 'One to one' };

export function typeName(type: string | null): string {
  return type === null ? 'Call' : (typeNames[type] ?? type);
}

const modalityNames: Readonly<Record<string, string>> = {
  audio: 'Audio',
  video: 'Video',
  videoBasedScreenSharing: 'Screen',
  screenSharing: 'Screen',
  data: 'Data',
};

export function modalityList(modalities: readonly string[]): string {
  return [...new Set(modalities.map((one) => modalityNames[one] ?? one))].join(', ');
}

export function organizerName({ organizer }: Pick<FoundCallRow, 'organizer'>): string {
  return organizer?.displayName ?? organizer?.id ?? 'Unknown';
}
