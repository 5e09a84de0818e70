/** Shows a person on the roll as a row, and the row of column titles. */
import type { RollPerson } from '../../analysis/roll.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import { frameMessages, rollMessages as messages } from '../messages/en.ts';
import { FailureBadge } from '../parts/badges.tsx';
import { PersonLink } from '../people/person-link.tsx';
import { type Place, withQuery } from '../place.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { nextRollOrder, type Order, type SortName } from './roll-order.ts';

interface RollHeadProps {
  readonly order: Order | undefined;
  readonly sort: (order: Order | undefined) => void;
}

export function RollHead({ order, sort }: RollHeadProps) {
  const column = (by: SortName, title: string, isNumber = false) => (
    <span
      role="columnheader"
      class={isNumber ? 'number' : undefined}
      aria-sort={order?.by !== by ? 'none' : order.isDescending ? 'descending' : 'ascending'}
    >
      <button type="button" class="sort" onClick={() => sort(nextRollOrder(order, by))}>
        {title}
      </button>
    </span>
  );
  return (
    <>
      {column('name', messages.name)}
      <span role="columnheader">{messages.kind}</span>
      <span role="columnheader">{messages.tenant}</span>
      {column('joined', messages.joined, true)}
      {column('left', messages.left, true)}
      {column('present', messages.present, true)}
      <span role="columnheader" class="device">
        {messages.device}
      </span>
    </>
  );
}

interface PersonRowProps {
  readonly person: RollPerson;
  readonly zone: Zone;
  readonly place: Place;
}

export function PersonRow({ person, zone, place }: PersonRowProps) {
  const { id, name, userPrincipalName, kind, inferredFrom, presentSeconds, platforms, failures } = person;
  const none = <span class="quiet">{frameMessages.none}</span>;
  const at = (time: string | null) => (time === null ? none : formatTime(time, 'second', zone));
  return (
    <>
      <span role="cell" class="name" title={id}>
        <b>
          <PersonLink person={person} />
        </b>{' '}
        {(userPrincipalName !== null || name !== id) && <span class="quiet">{userPrincipalName ?? id}</span>}{' '}
        {inferredFrom !== null && (
          <span class="badge warn" title={messages.sources[inferredFrom].title}>
            {messages.sources[inferredFrom].name}
          </span>
        )}
        <FailureBadge failures={failures} />
      </span>
      <span role="cell" class="kind">
        {kindName(kind)}
      </span>
      <Tenant person={person} />
      <span role="cell" class="number joined">
        {at(person.joinedDateTime)}
      </span>
      <span role="cell" class="number left">
        {at(person.leftDateTime)}
      </span>
      <span role="cell" class="number present">
        {presentSeconds === null ? none : formatLength(presentSeconds * 1000)}
      </span>
      <span role="cell" class="device">
        {platforms.join(', ')}{' '}
        <a
          href={withQuery(place, { view: 'media', person: String(person.index) })}
          aria-label={messages.mediaOf(name)}
        >
          {messages.media}
        </a>
      </span>
    </>
  );
}

/** Shows a domain of the tenant where one is known; its id is in the title. */
function Tenant({ person: { tenantId, tenantName, affiliation } }: Pick<PersonRowProps, 'person'>) {
  const unknown = affiliation === 'unknown' ? messages.unknownTenant : frameMessages.none;
  return (
    <span role="cell" class="tenant" title={tenantId ?? undefined}>
      {tenantName ?? tenantId ?? <span class="quiet">{unknown}</span>}
    </span>
  );
}
