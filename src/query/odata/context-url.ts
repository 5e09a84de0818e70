import { formatKeyPredicate } from './path.ts';

/** The part of the context URL about one expanded relationship: `sessions(segments())`. */
interface ExpandedShape {
  readonly navigation: string;
  readonly select: readonly string[] | undefined;
  readonly expand: ExpandedShape | undefined;
}

/**
 * Returns the context URL of a body (OData 4.01 Protocol, section 10), which identifies its description in `$metadata`.
 *
 * @param path Below the service root, keys in parentheses.
 * @param selected Properties under `$select`, in the client's order.
 * @param form `entity` for a single entity of the collection at the path.
 */
export function contextUrl(
  serviceRoot: string,
  path: string,
  selected?: readonly string[],
  form: 'collection' | 'entity' = 'collection',
  expanded?: ExpandedShape,
): string {
  const items = [...(selected ?? []), ...(expanded === undefined ? [] : [formatExpanded(expanded)])];
  const list = selected === undefined && expanded === undefined ? '' : `(${items.join(',')})`;
  return `${serviceRoot}/$metadata#${path}${list}${form === 'entity' ? '/$entity' : ''}`;
}

function formatExpanded({ navigation, select = [], expand }: ExpandedShape): string {
  return `${navigation}(${[...select, ...(expand === undefined ? [] : [formatExpanded(expand)])].join(',')})`;
}

/** Path of the list of calls below the service root. */
export const callRecordsPath = 'communications/callRecords';

/** Returns the path of a call's navigation property, as its context URL writes it. */
export function navigationPath(callId: string, name: string, suffix: string): string {
  return `${callRecordsPath}${formatKeyPredicate(callId)}/${name}${suffix}`;
}

/** Returns the part of an organizer's context URL after the service root. */
export function organizerContext(callId: string): string {
  return contextUrl('', navigationPath(callId, 'organizer_v2', '/$entity'));
}
