/** Plans a read: what to read and how to represent it, before anything is read. */
import { Fault } from '../../contract/faults.ts';
import type { Edm } from '../../contract/edm.ts';
import type { Resource } from '../../contract/resources.ts';
import type { MediaFormat } from '../odata/accept.ts';
import type { AsOf } from '../odata/as-of.ts';
import { checkOption } from '../odata/option-grammar.ts';
import type { Preferences } from '../odata/prefer.ts';
import { type QueryOptions, systemOptions } from '../odata/query-options.ts';
import type { SeekPosition, SkipTokens } from '../odata/skip-token.ts';
import { planSelect, type Selection } from './selection.ts';
import type { Target } from './target.ts';

/** The form of a response body. */
export interface Representation {
  readonly select: Selection;
  readonly omitNulls: boolean;
  readonly includeUnknownEnumMembers: boolean;
  readonly metadata: 'none' | 'minimal' | 'full';
  readonly ieee754Compatible: boolean;
  readonly deprecated: Deprecated;
}

/** How deprecated properties are served: as before, empty, or not at all. */
export type Deprecated = 'as-before' | 'empty' | 'absent';

export interface PagePlan {
  /** The edition in the skip token; absent on a first page, which reads the newest. */
  readonly edition: number | undefined;
  readonly index: number;
  /** Entities per page. */
  readonly size: number;
  /** The page size that the client requested, repeated in its next link. */
  readonly preferredSize: number | undefined;
  /** The state to read if it is not the newest: that of the first page, whatever later headers say. */
  readonly asOf: AsOf | undefined;
}

/** The parts of a request that the planner reads. */
export interface ReadRequest {
  readonly options: QueryOptions;
  readonly preferences: Preferences;
  readonly media: MediaFormat;
  /** True to ignore undocumented query options instead of refusing them. */
  readonly loose: boolean;
  readonly deprecated: Deprecated;
}

/** Refuses undocumented system query options. @returns Ignored ones: without `$`, or on a loose server. */
export function refuseUndocumented(request: ReadRequest, resource: Resource): string[] {
  const { expandable, options = [], ignored: unheard = [], pageSize, selectable } = resource;
  const documented: readonly string[] = [
    'format',
    ...options,
    ...(selectable === false ? [] : ['select']),
    ...(expandable === undefined ? [] : ['expand']),
    ...(pageSize === undefined || options.includes('skip') ? [] : ['skiptoken']),
  ];
  const ignored = [...(request.options.passedOver ?? [])];
  for (const name of systemOptions) {
    const text = request.options[name];
    if (text === undefined || documented.includes(name)) continue;
    checkOption(name, text);
    if (!request.loose && !(unheard as readonly string[]).includes(name)) {
      throw new Fault('unsupportedOption', `The query option '$${name}' is not supported by this resource.`, {
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
    deprecated: request.deprecated,
    omitNulls: preferences.omitNulls || position?.omitNulls === true,
    includeUnknownEnumMembers:
      preferences.includeUnknownEnumMembers || position?.includeUnknownEnumMembers === true,
    metadata: media.metadata,
    ieee754Compatible: media.ieee754Compatible,
  };
}

/** Plans a page, of at most the resource's size. @param binding Ties a skip token to its collection. */
export function planPage(
  request: ReadRequest,
  tokens: SkipTokens,
  binding: string,
  { pageSize: maximum = 1 }: Resource,
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
      asOf: position === undefined ? request.preferences.asOf : position.asOf,
    },
  };
}
