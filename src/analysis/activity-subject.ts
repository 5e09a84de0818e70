/** Recognizes the person or the number whose activity is read. */
import type { CallSearch } from '../store/search.ts';
import type { MatchCertainty } from './activity.ts';
import { identityIds } from './identity.ts';
import type { RecordParticipant } from './records.ts';

export interface ActivitySubject {
  /** Finds candidates; a call that is found may lack the subject. */
  readonly search: Pick<CallSearch, 'personId' | 'number'>;
  /** Returns how sure it is that an entry of a call's lists is the subject; `undefined` when it is another. */
  readonly matches: (participant: RecordParticipant) => MatchCertainty | undefined;
  /** Texts of which one occurs in every entry of the subject, in lower case; absent when it may be spelled otherwise. */
  readonly spellings: readonly string[] | undefined;
}

/** Texts that JSON holds as they are, apart from the case of their letters. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

/** Returns what stored JSON holds when it names one of the ids; `undefined` when that may be spelled in other ways. */
export function spellingsOf(ids: readonly string[]): readonly string[] | undefined {
  return ids.every((id) => plain.test(id)) ? ids.map((id) => id.toLowerCase()) : undefined;
}

/** Returns false when a text cannot name the subject, without parsing it. */
export function mayName(text: Buffer, spellings: readonly string[] | undefined): boolean {
  if (spellings === undefined || text.includes(0x5c)) return true; // an escape may spell any character
  const folded = text.toString('latin1').toLowerCase();
  return spellings.some((spelling) => folded.includes(spelling));
}

/** Recognizes a person by an id. A name is not an id. */
export function personSubject(personId: string): ActivitySubject {
  const id = personId.toLowerCase();
  return {
    search: { personId },
    spellings: spellingsOf([id]),
    matches: ({ id: own, identity }) =>
      own.toLowerCase() === id || identityIds(identity).includes(id) ? 'exact' : undefined,
  };
}
