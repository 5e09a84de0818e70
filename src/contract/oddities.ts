/**
 * Oddities: values of a call that differ from the model and are stored as received. They mark the call but do not make
 * it incomplete (docs/decisions/0035-odd-values-and-quarantine.md).
 */

/** The part of a call that holds an odd value. */
export type OddPart = 'record' | 'participants' | 'sessions' | 'segments';

/** The reasons, each with the text that users read. */
export const oddReasons = {
  idMissing: 'The id is missing, null or empty, so no request can address the entry by key.',
  idNotString: 'The id is not a string, so no request can address the entry by key.',
  loneSurrogate: 'A string contains half of a character (a lone surrogate).',
  wrongType: 'A value does not have the type that the model declares.',
  memberTwice: 'An object has a declared member twice.',
  timeMissing: 'The start is missing or is not a date and time; another time of the call is used instead.',
  byteOrderMark: 'The body begins with a byte order mark, which is not stored.',
  repeatedAcrossPages: 'Entries are identical; each is stored once.',
  setAside: 'Data could not be stored in its place; rollcall quarantine list shows it.',
} as const;

export type OddReason = keyof typeof oddReasons;

export interface Oddity {
  readonly part: OddPart;
  readonly reason: OddReason;
  readonly count: number;
  /** Index in its list, from 0, of the first entry concerned; absent for a value outside lists. */
  readonly first?: number;
}

export const noOddities: readonly Oddity[] = [];

/** Returns the number that users see as `odd`. */
export function oddCount(oddities: readonly Oddity[]): number {
  return oddities.reduce((sum, { count }) => sum + count, 0);
}

export class OddityCounts {
  readonly #counts = new Map<string, { part: OddPart; reason: OddReason; count: number; first?: number }>();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Counts an oddity. @param first Index of the entry in its list. */
  add(part: OddPart, reason: OddReason, first?: number, count = 1): void {
    const key = `${part}.${reason}`;
    const known = this.#counts.get(key);
    if (known === undefined)
      this.#counts.set(key, { part, reason, count, ...(first !== undefined && { first }) });
    else known.count += count;
  }

  /** Returns the oddities in the order in which they were found. */
  list(): readonly Oddity[] {
    return this.isEmpty ? noOddities : [...this.#counts.values()].map((one) => ({ ...one }));
  }
}

export function joinedOddities(...parts: readonly (readonly Oddity[])[]): readonly Oddity[] {
  if (parts.every((part) => part.length === 0)) return noOddities;
  const counts = new OddityCounts();
  for (const { part, reason, first, count } of parts.flat()) counts.add(part, reason, first, count);
  return counts.list();
}

/**
 * Formats oddities for a column: `participants:idMissing:2:0;record:timeMissing:1`. No engine quotes any of these
 * characters in a row that it writes as text.
 *
 * @returns `undefined` when there are none.
 */
export function formatOddities(oddities: readonly Oddity[]): string | undefined {
  if (oddities.length === 0) return undefined;
  return oddities
    .map(({ part, reason, count, first }) =>
      [part, reason, count, ...(first === undefined ? [] : [first])].join(':'),
    )
    .join(';');
}

export function parseOddities(text: string | null): readonly Oddity[] {
  if (text === null) return noOddities;
  return text.split(';').map((one): Oddity => {
    const [part, reason, count, first] = one.split(':');
    return {
      ...{ part: part as OddPart, reason: reason as OddReason, count: Number(count) }, // written by formatOddities
      ...(first !== undefined && { first: Number(first) }),
    };
  });
}
