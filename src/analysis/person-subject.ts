/** Recognizes a person by an id. A name is not an id. */
import { type ActivitySubject, spellingsOf } from './activity-subject.ts';
import { identityIds } from './identity.ts';

export function personSubject(personId: string): ActivitySubject {
  const id = personId.toLowerCase();
  return {
    search: { personId },
    spellings: spellingsOf([id]),
    matches: ({ id: own, identity }) =>
      own.toLowerCase() === id || identityIds(identity).includes(id) ? 'exact' : undefined,
  };
}
