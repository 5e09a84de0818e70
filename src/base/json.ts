/** Reads JSON that another program wrote: every member is to be checked where it is used. */

/** Returns a value as an object; `undefined` when it is not one. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** Returns the object of a body. Drops the parser's error, because its message quotes the body. */
export function jsonObject(body: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}
