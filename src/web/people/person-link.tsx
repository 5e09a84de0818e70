/** Shows someone in a call, with a link to their page, and marks people from outside. */
import type { ActivityPerson } from '../../analysis/activity.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { pageOf } from './links.ts';

interface PersonLinkProps {
  readonly person: Pick<ActivityPerson, 'id' | 'name' | 'kind' | 'affiliation'>;
}

export function PersonLink({ person }: PersonLinkProps) {
  const href = pageOf(person);
  return (
    <>
      {href === undefined ? person.name : <a href={href}>{person.name}</a>}
      {person.affiliation === 'external' && (
        <>
          {' '}
          <AffiliationBadge affiliation="external" />
        </>
      )}
    </>
  );
}

export function AffiliationBadge({ affiliation }: Pick<ActivityPerson, 'affiliation'>) {
  return (
    <span class={affiliation === 'external' ? 'badge warn' : 'badge unverified'}>
      {messages.affiliations[affiliation]}
    </span>
  );
}
