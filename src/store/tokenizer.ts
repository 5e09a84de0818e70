/** The words that the people of a list are indexed by. The same people are in call after call: they are read once. */
import { crc32 } from 'node:zlib';
import { createByteCache, sumOfTextBytes } from '../base/byte-cache.ts';
import type { OpenBlock } from '../wire/text/open-block.ts';
import { organizerEntryOf } from './call-facts.ts';
import { type Phrase, type IndexedPerson, personOf } from './people.ts';
import { idTerm } from './search-terms.ts';

export interface PersonWords {
  readonly phrases: readonly Phrase[];
  /** Folded. */
  readonly ids: readonly string[];
  /** Of the ids, as anybody's. */
  readonly terms: readonly string[];
}

/** A list of participants as it was received or is stored. */
export interface PeopleList {
  readonly blocks: Iterable<OpenBlock>;
  /** Id and CRC-32 of the text of each, where they are known: then a block is read only for people not seen before. */
  readonly known:
    { readonly ids: readonly (string | undefined)[]; readonly checks: readonly number[] } | undefined;
}

/** Of people remembered: some 20,000, those of a large organization's day; and of those who organize. */
const peopleBytes = 32 * 2 ** 20;
const organizersBytes = 8 * 2 ** 20;

export class PeopleWords {
  /** By the checksum of what was said of them; the id, which is the person's own, tells apart whose checksums meet. */
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
        // As a small integer: V8 looks up others by a slower way.
        const check = (known?.checks[first + i] ?? crc32(open.entity(i))) | 0;
        let seen = this.#seen.get(check);
        if (seen?.id !== id) {
          // Text that was walked as JSON when it was stored.
          seen = { id, words: wordsOf(personOf(JSON.parse(open.entity(i).toString()))) };
          this.#seen.set(check, seen);
        }
        yield seen.words;
      }
      first += count;
    }
  }

  /** @param json As `indexedFactsOf` gives it. */
  ofOrganizer(json: string): PersonWords {
    let words = this.#organizers.get(json);
    if (words === undefined) {
      words = wordsOf(personOf(organizerEntryOf(json)));
      this.#organizers.set(json, words);
    }
    return words;
  }
}

function bytesOfWords({ phrases, ids, terms }: PersonWords): number {
  return sumOfTextBytes([...phrases.map(({ text }) => text), ...ids, ...terms]);
}

function wordsOf({ names, ids, numbers }: IndexedPerson): PersonWords {
  return {
    phrases: [
      ...(names === '' ? [] : [{ kind: 'names', text: names } as const]),
      ...numbers.map((text) => ({ kind: 'number', text }) as const),
    ],
    ids,
    terms: ids.map((id) => idTerm(id, 'anybody')),
  };
}
