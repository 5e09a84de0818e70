/** What to read and how to represent it, decided before anything is read. */
import { Fault } from '../faults.ts';
import type { Edm } from '../model/edm.ts';
import type { MediaFormat } from '../odata/accept.ts';
import type { Preferences } from '../odata/prefer.ts';
import type { QueryOptions } from '../odata/query-options.ts';
import type { SeekPosition, SkipTokens } from '../odata/skip-token.ts';
import { planSelect, type Selection } from './selection.ts';
import type { Target } from './target.ts';

/** How a body is to look. */
export interface Representation {
  readonly select: Selection;
  readonly omitNulls: boolean;
  readonly includeUnknownEnumMembers: boolean;
  readonly metadata: 'none' | 'minimal' | 'full';
  readonly ieee754Compatible: boolean;
}

export interface PagePlan {
  /** The edition a skip token walks; absent on a first page, which starts from the newest. */
  readonly edition: number | undefined;
  /** Entities already given. */
  readonly index: number;
  /** Entities a page. */
  readonly size: number;
  /** What the client preferred itself, for its next link to carry on. */
  readonly preferredSize: number | undefined;
}

/** What the planner reads of a request. */
export interface ReadRequest {
  readonly options: QueryOptions;
  readonly preferences: Preferences;
  readonly media: MediaFormat;
  /** Ignore undocumented query options instead of refusing them. */
  readonly loose: boolean;
}

const systemOptions = [
  'expand',
  'filter',
  'orderby',
  'top',
  'skip',
  'count',
  'search',
  'apply',
  'compute',
  'index',
  'deltatoken',
  'skiptoken',
  'schemaversion',
] as const;

/**
 * Refuses the system query options that the resource does not document.
 *
 * @returns The names of those ignored, when the server is loose.
 */
export function refuseUndocumented(request: ReadRequest, documented: readonly string[]): string[] {
  const ignored: string[] = [];
  for (const name of systemOptions) {
    const text = request.options[name];
    if (text === undefined || documented.includes(name)) continue;
    if (!request.loose) {
      throw new Fault('unsupportedOption', `The query option '$${name}' is not offered by this resource.`, {
        target: `$${name}`,
      });
    }
    ignored.push(`$${name}`);
  }
  return ignored;
}

export function planRepresentation(
  request: ReadRequest,
  target: Target,
  edm: Edm,
  position?: SeekPosition,
): Representation {
  const { preferences, media } = request;
  return {
    select: planSelect(request.options.select, target.typeName, edm),
    omitNulls: preferences.omitNulls || position?.omitNulls === true,
    includeUnknownEnumMembers:
      preferences.includeUnknownEnumMembers || position?.includeUnknownEnumMembers === true,
    metadata: media.metadata,
    ieee754Compatible: media.ieee754Compatible,
  };
}

/**
 * @param binding Ties a skip token to what it walks.
 * @param maximum The largest page the resource gives; a larger preference is clamped to it.
 */
export function planPage(
  request: ReadRequest,
  tokens: SkipTokens,
  binding: string,
  maximum: number,
): { page: PagePlan; position: SeekPosition | undefined } {
  const { skiptoken } = request.options;
  const position = skiptoken === undefined ? undefined : tokens.parse(skiptoken, binding);
  const preferred = request.preferences.maxPageSize ?? position?.pageSize;
  const preferredSize = preferred === undefined ? undefined : Math.min(preferred, maximum);
  return {
    position,
    page: {
      edition: position?.edition,
      index: position?.index ?? 0,
      size: preferredSize ?? maximum,
      preferredSize,
    },
  };
}
