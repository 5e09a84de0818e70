/** Applies preferences and options to a record in the simplest way: the oracle of the projection. */
type Json = Record<string, unknown>;

/** Removes control information (`odata.metadata=none`), at every depth. */
export function withoutControl(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutControl(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !name.includes('@odata.'));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutControl(member)]));
}

/**
 * Applies `Prefer: omit-values=nulls`: removes nulls, empty lists and the resulting empty objects; list elements stay.
 */
export function omitNulls(value: Json): Json {
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (member === null) return [];
    if (Array.isArray(member))
      return member.length === 0
        ? []
        : [[name, member.map((item) => (isObject(item) ? omitNulls(item) : item) as unknown)]];
    if (!isObject(member)) return [[name, member]];
    const inner = omitNulls(member);
    return Object.keys(inner).length === 0 ? [] : [[name, inner]];
  });
  return Object.fromEntries(members);
}

/** Applies `$select`. */
export function picked(value: Json, names: readonly string[] | undefined): Json {
  return names === undefined
    ? value
    : Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
