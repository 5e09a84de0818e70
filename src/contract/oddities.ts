/**
 * What of a call is stored although it is not what the model says: marks on the call, not incompleteness. The text stays as it
 * was received (docs/decisions/0035-odd-values-and-quarantine.md).
 */

/** Where in a call an odd value stands. */
export type OddPart = 'record' | 'participants' | 'sessions' | 'segments';

/** Each reason, in the words that users read. */
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
  /** Place in its list of the first entry that it concerns, from 0; absent where it concerns no list. */
  readonly first?: number;
}

export const noOddities: readonly Oddity[] = [];

/** How much is odd: what users are shown as `odd`. */
export function oddCount(oddities: readonly Oddity[]): number {
  return oddities.reduce((sum, { count }) => sum + count, 0);
}

/** Collects marks as they are found. */
export class OddityCounts {
  readonly #counts = new Map<string, { part: OddPart; reason: OddReason; count: number; first?: number }>();

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** @param first Place of the entry in its list. */
  add(part: OddPart, reason: OddReason, first?: number, count = 1): void {
    const key = `${part}.${reason}`;
    const known = this.#counts.get(key);
    if (known === undefined)
      this.#counts.set(key, { part, reason, count, ...(first !== undefined && { first }) });
    else known.count += count;
  }

  /** @returns The marks, in the order in which they were found. */
  list(): readonly Oddity[] {
    return this.isEmpty ? noOddities : [...this.#counts.values()].map((one) => ({ ...one }));
  }
}

/** The marks of several parts as one list. */
export function joinedOddities(...parts: readonly (readonly Oddity[])[]): readonly Oddity[] {
  if (parts.every((part) => part.length === 0)) return noOddities;
  const counts = new OddityCounts();
  for (const { part, reason, first, count } of parts.flat()) counts.add(part, reason, first, count);
  return counts.list();
}

/**
 * Marks as a column holds them: `participants:idMissing:2:0;record:timeMissing:1`. None of the characters is one that an engine
 * quotes in a row that it writes as text.
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
