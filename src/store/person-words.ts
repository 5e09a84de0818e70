/** The words that the people of a list are indexed by. The same people are in call after call: they are read once. */
import { crc32 } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { OpenBlock } from '../text/open-block.ts';
import type { Phrase } from './find-calls.ts';
import { type Person, personOf } from './people.ts';
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
  readonly known: { readonly ids: readonly string[]; readonly checks: readonly number[] } | undefined;
}

/** People remembered: those of a large organization's day. */
const mostPeople = 20_000;

export class PeopleWords {
  /** An id is the person's own, and the checksum tells apart what was said of them. */
  readonly #seen = new LRUCache<string, PersonWords>({ max: mostPeople });

  *of({ blocks, known }: PeopleList): Generator<PersonWords> {
    let first = 0;
    for (const open of blocks) {
      const { count } = open.block;
      for (let i = 0; i < count; i++) {
        const id = known?.ids[first + i] ?? open.ids[i]!;
        const key = `${id} ${known?.checks[first + i] ?? crc32(open.entity(i))}`;
        let words = this.#seen.get(key);
        if (words === undefined) {
          // Text that was walked as JSON when it was stored.
          words = wordsOf(personOf(JSON.parse(open.entity(i).toString())));
          this.#seen.set(key, words);
        }
        yield words;
      }
      first += count;
    }
  }
}

export function wordsOf({ names, ids, numbers }: Person): PersonWords {
  return {
    phrases: [
      ...(names === '' ? [] : [{ kind: 'names', text: names } as const]),
      ...numbers.map((text) => ({ kind: 'number', text }) as const),
    ],
    ids,
    terms: ids.map((id) => idTerm(id, 'anybody')),
  };
}
