/** Converts terms of the search index (search-terms.ts) to numbers, which differ between tenants. */
import { createByteCache, textBytes } from '../../base/byte-cache.ts';
import type { Phrase } from '../people.ts';
import { hash64 } from '../hash64.ts';
import type { PersonWords } from '../tokenizer.ts';
import { phraseTerm } from '../search-terms.ts';

export const kinds = { names: 0, number: 1 } as const;
/** Bytes of the phrases cached by a process that writes: about 100,000 phrases. */
const phraseBytes = 64 * 2 ** 20;

export function termNumber(tenant: number, term: string): bigint {
  return hash64(`${tenant} ${term}`);
}

export interface KnownPhrase extends Phrase {
  readonly number: bigint;
  /** The phrase's term for a search among all people. */
  readonly anybody: bigint;
  readonly organizer: bigint;
  /** How many times the tenant's phrases had been deleted when it was stored. */
  storedAt: bigint | undefined;
}

/** The terms that a person in a call adds. */
interface PersonTerms {
  readonly phrases: readonly KnownPhrase[];
  /** Terms of the phrases and of the ids. */
  readonly anybody: BigInt64Array;
  readonly ids: BigInt64Array;
}

/** Caches phrases, because the same people occur in many calls. */
export class KnownPhrases {
  readonly #known = createByteCache<KnownPhrase>({
    maxBytes: phraseBytes,
    bytesOf: ({ text }) => textBytes(text),
  });
  readonly #people = new WeakMap<PersonWords, PersonTerms & { readonly tenant: number }>();

  ofPerson(tenant: number, words: PersonWords): PersonTerms {
    const known = this.#people.get(words);
    if (known?.tenant === tenant) return known;
    const phrases = words.phrases.map((phrase) => this.of(tenant, phrase));
    const terms = {
      ...{ tenant, phrases },
      anybody: BigInt64Array.from(phrases, ({ anybody }) => anybody),
      ids: BigInt64Array.from(words.terms, (term) => termNumber(tenant, term)),
    };
    this.#people.set(words, terms);
    return terms;
  }

  of(tenant: number, { kind, text }: Phrase): KnownPhrase {
    const key = `${tenant} ${kind} ${text}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      const number = hash64(`${kind} ${text}`);
      known = {
        ...{ kind, text, number, storedAt: undefined },
        anybody: termNumber(tenant, phraseTerm(number, 'anybody')),
        organizer: termNumber(tenant, phraseTerm(number, 'organizer')),
      };
      this.#known.set(key, known);
    }
    return known;
  }
}
