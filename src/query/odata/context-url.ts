import { formatKeyPredicate } from './path.ts';

/** What the context URL says of one expanded relationship: `sessions(segments())`. */
interface ExpandedShape {
  readonly navigation: string;
  readonly select: readonly string[] | undefined;
  readonly expand: ExpandedShape | undefined;
}

/**
 * The context URL of a body (OData 4.01 Protocol, section 10): which part of `$metadata` describes it.
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

/** Where calls are, below the service root. */
export const callRecordsPath = 'communications/callRecords';

/** Path of what a call's navigation property holds, as its own context URL writes it. */
export function navigationPath(callId: string, name: string, suffix: string): string {
  return `${callRecordsPath}${formatKeyPredicate(callId)}/${name}${suffix}`;
}

/** What follows the service root in the context URL of a call's organizer. */
export function organizerContext(callId: string): string {
  return contextUrl('', navigationPath(callId, 'organizer_v2', '/$entity'));
}
