/** What to read and how to represent it, decided before anything is read. */
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

/** How a body is to look. */
export interface Representation {
  readonly select: Selection;
  readonly omitNulls: boolean;
  readonly includeUnknownEnumMembers: boolean;
  readonly metadata: 'none' | 'minimal' | 'full';
  readonly ieee754Compatible: boolean;
  readonly deprecated: Deprecated;
}

/** What becomes of deprecated properties: served as before, served empty, or not at all. */
export type Deprecated = 'as-before' | 'empty' | 'absent';

export interface PagePlan {
  /** The edition a skip token walks; absent on a first page, which starts from the newest. */
  readonly edition: number | undefined;
  /** Entities already given. */
  readonly index: number;
  /** Entities a page. */
  readonly size: number;
  /** What the client preferred itself, for its next link to carry on. */
  readonly preferredSize: number | undefined;
  /** The state to read when it is not the newest: what the walk began with, whatever the header says since. */
  readonly asOf: AsOf | undefined;
}

/** What the planner reads of a request. */
export interface ReadRequest {
  readonly options: QueryOptions;
  readonly preferences: Preferences;
  readonly media: MediaFormat;
  /** Ignore undocumented query options instead of refusing them. */
  readonly loose: boolean;
  readonly deprecated: Deprecated;
}

/**
 * Refuses the system query options that the resource does not document; those that do not parse, by their grammar.
 *
 * @returns The names of those ignored: what means nothing without its `$`, and what a loose server passes over.
 */
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

/**
 * @param binding Ties a skip token to what it walks.
 * @param resource The list: a preference for pages larger than its largest is clamped.
 */
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
