/**
 * Compares ids. Graph compares GUIDs without case and writes them in lower case; every other id is compared exactly.
 * Responses keep the id as received: only keys are canonical (docs/decisions/0034-ids-without-case.md).
 */

const guidLength = 36;
const hyphens: readonly number[] = [8, 13, 18, 23];
/** Graph does not read other spellings (braces, no hyphens) as GUIDs either. */
const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const capital = /[A-F]/;

/** Returns the key of an id, a GUID in lower case: two ids are the same exactly when their keys are equal. */
export function canonicalId(id: string): string {
  return capital.test(id) && isGuid(id) ? id.toLowerCase() : id;
}

export function isSameId(a: string, b: string): boolean {
  return a === b || (a.length === guidLength && canonicalId(a) === canonicalId(b));
}

/**
 * Returns the other keys under which an id's row may be stored. This release stores rows under the canonical id;
 * earlier ones stored them under the id as received, which was in upper case where it was not canonical.
 *
 * @returns None for an id that is no GUID.
 */
export function otherKeysOf(id: string): readonly string[] {
  if (!isGuid(id)) return [];
  return [...new Set([id.toLowerCase(), id.toUpperCase()])].filter((key) => key !== id);
}

/** Returns the keys that this release and earlier ones may have written for a received id. */
export function writtenKeysOf(id: string): readonly string[] {
  const canonical = canonicalId(id);
  return canonical === id ? [id] : [canonical, id];
}

export function isGuid(id: string): boolean {
  return id.length === guidLength && hyphens.every((at) => id.charCodeAt(at) === 0x2d) && guidForm.test(id);
}
