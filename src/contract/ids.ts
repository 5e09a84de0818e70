/**
 * Ids as they are compared. Graph compares GUIDs without case and writes them in small letters; every other id is text
 * of the system that gave it, and is compared exactly. Text that is served keeps the id that was received: only keys are
 * canonical (docs/decisions/0034-ids-without-case.md).
 */

const guidLength = 36;
const hyphens: readonly number[] = [8, 13, 18, 23];
/** Other spellings (braces, no hyphens) are no GUID to Graph either. */
const guidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const capital = /[A-F]/;

/**
 * Returns the key of an id: two ids are the same exactly when their keys are equal.
 *
 * @returns A GUID in small letters, every other text unchanged.
 */
export function canonicalId(id: string): string {
  return capital.test(id) && isGuid(id) ? id.toLowerCase() : id;
}

export function isSameId(a: string, b: string): boolean {
  return a === b || (a.length === guidLength && canonicalId(a) === canonicalId(b));
}

/**
 * Returns the keys besides the id itself that a row of an id may have. This release keys rows by the canonical id; earlier
 * ones keyed them by the id as they received it, which was in capitals where it was not canonical.
 *
 * @returns None for an id that is no GUID.
 */
export function otherKeysOf(id: string): readonly string[] {
  if (!isGuid(id)) return [];
  return [...new Set([id.toLowerCase(), id.toUpperCase()])].filter((key) => key !== id);
}

/** Returns the keys that this release and earlier ones may have written for an id that was received. */
export function writtenKeysOf(id: string): readonly string[] {
  const canonical = canonicalId(id);
  return canonical === id ? [id] : [canonical, id];
}

function isGuid(id: string): boolean {
  return id.length === guidLength && hyphens.every((at) => id.charCodeAt(at) === 0x2d) && guidForm.test(id);
}
