/**
 * Returns the words that the people in a list are indexed by. The same people occur in many calls, so their words are
 * cached.
 */
import { crc32 } from 'node:zlib';
import { createByteCache, sumOfTextBytes } from '../base/byte-cache.ts';
import type { OpenBlock } from '../wire/text/open-block.ts';
import {
  affiliationIn,
  type Membership,
  membershipOf,
  searchedDomainOf,
  tenantIdsOf,
} from '../contract/affiliation.ts';
import { addressesOf, identitySetOf } from './entry-identity.ts';
import { organizerEntryOf } from './call-facts.ts';
import { type Phrase, personOf } from './people.ts';
import { domainTerm, idTerm, tenantTerm } from './search-terms.ts';

export interface PersonWords {
  readonly phrases: readonly Phrase[];
  /** Folded. */
  readonly ids: readonly string[];
  /** Terms of the ids, the tenants and the domains, for a search among all people. */
  readonly terms: readonly string[];
  readonly membership: Membership;
}

/** A list of participants, received or stored. */
export interface PeopleList {
  readonly blocks: Iterable<OpenBlock>;
  /**
   * Id and CRC-32 of the text of each participant, where known: then a block is read only for people who are not
   * cached.
   */
  readonly known:
    { readonly ids: readonly (string | undefined)[]; readonly checks: readonly number[] } | undefined;
}

/**
 * Bytes of cached people: some 20,000, as many as take part in a day of a large organization; and of cached organizers.
 */
const peopleBytes = 32 * 2 ** 20;
const organizersBytes = 8 * 2 ** 20;

export class PeopleWords {
  /** Words by the checksum of a participant's text; the id distinguishes people whose checksums collide. */
  readonly #seen = createByteCache<{ readonly id: string; readonly words: PersonWords }, number>({
    maxBytes: peopleBytes,
    bytesOf: ({ id, words }) => sumOfTextBytes([id]) + bytesOfWords(words),
  });
  readonly #organizers = createByteCache<PersonWords>({ maxBytes: organizersBytes, bytesOf: bytesOfWords });

  *of({ blocks, known }: PeopleList): Generator<PersonWords> {
    let first = 0;
    for (const open of blocks) {
      const { count } = open.block;
      for (let i = 0; i < count; i++) {
        // The whole text identifies a person without an id.
        const id = known?.ids[first + i] ?? open.ids[i] ?? open.entity(i).toString();
        // Converts to a small integer, which V8 looks up faster.
        const check = (known?.checks[first + i] ?? crc32(open.entity(i))) | 0;
        let seen = this.#seen.get(check);
        if (seen?.id !== id) {
          // The text was checked as JSON when it was stored.
          seen = { id, words: wordsOf(JSON.parse(open.entity(i).toString())) };
          this.#seen.set(check, seen);
        }
        yield seen.words;
      }
      first += count;
    }
  }

  /**
   * Returns the words of an organizer.
   *
   * @param json `organizer` of `indexedFactsOf`.
   */
  ofOrganizer(json: string): PersonWords {
    let words = this.#organizers.get(json);
    if (words === undefined) {
      words = wordsOf(organizerEntryOf(json));
      this.#organizers.set(json, words);
    }
    return words;
  }
}

function bytesOfWords({ phrases, ids, terms, membership }: PersonWords): number {
  return sumOfTextBytes([...phrases.map(({ text }) => text), ...ids, ...terms, ...membership.tenantIds]);
}

function wordsOf(entry: unknown): PersonWords {
  const { names, ids, numbers } = personOf(entry);
  const set = identitySetOf(entry);
  const domains = new Set(addressesOf(entry).flatMap((address) => searchedDomainOf(address) ?? []));
  return {
    phrases: [
      ...(names === '' ? [] : [{ kind: 'names', text: names } as const]),
      ...numbers.map((text) => ({ kind: 'number', text }) as const),
    ],
    ids,
    terms: [
      ...ids.map((id) => idTerm(id, 'anybody')),
      ...tenantIdsOf(set).map(tenantTerm),
      ...[...domains].map(domainTerm),
    ],
    membership: membershipOf(set),
  };
}

/** Counts the people of a call by whether they belong to its tenant. */
export class OutsiderCount {
  readonly #tenantId: string;
  external = 0;
  unknown = 0;

  constructor(tenantId: string) {
    this.#tenantId = tenantId;
  }

  add({ membership }: Pick<PersonWords, 'membership'>): void {
    const affiliation = affiliationIn(membership, this.#tenantId);
    if (affiliation === 'external') this.external++;
    if (affiliation === 'unknown') this.unknown++;
  }
}
