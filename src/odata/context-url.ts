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
): string {
  const list = selected === undefined ? '' : `(${selected.join(',')})`;
  return `${serviceRoot}/$metadata#${path}${list}${form === 'entity' ? '/$entity' : ''}`;
}
