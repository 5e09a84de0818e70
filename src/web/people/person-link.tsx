/** Shows someone in a call, with a link to their page, and marks people from outside. */
import type { ActivityPerson } from '../../analysis/activity.ts';
import type { PhoneUser } from '../../contract/phone-log.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { nameOfUser } from '../phone/phone-texts.ts';
import { pageOf, personHref } from './links.ts';

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

/** Shows the user of a phone log row, with a link to the person's page. */
export function UserLink({ user }: { readonly user: PhoneUser | null }) {
  const id = user?.id ?? null;
  return id === null ? <>{nameOfUser(user)}</> : <a href={personHref(id)}>{nameOfUser(user)}</a>;
}

/** Shows a phone number, with a link to its page where it is in international form. */
export function NumberLink({ number }: { readonly number: string | null }) {
  const href = pageOf({ id: number ?? '', kind: 'phone' });
  return href === undefined ? <>{number}</> : <a href={href}>{number}</a>;
}
