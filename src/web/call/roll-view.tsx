/** Shows the roll: the participants of a call, searchable and sortable. */
import { useMemo, useState } from 'preact/hooks';
import { FailureBadge } from '../parts/badges.tsx';
import { Failed } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { useChoice, zone } from '../preferences.ts';
import { countOf, formatLength, formatTime, type Zone } from '../times.ts';
import { missingPartWords } from './completeness.ts';
import { Reading } from './reading.tsx';
import { kindName } from '../../contract/identity-kinds.ts';
import type { InferenceSource } from '../../analysis/records.ts';
import type { RollPerson } from '../../analysis/roll.ts';
import { type Order, orders, shownPeople } from './roll-order.ts';
import type { RollState } from './use-roll.ts';

interface RollViewProps {
  readonly roll: RollState;
  /** False when no list of participants was received. */
  readonly isReceived: boolean;
}

export function RollView({ roll, isReceived }: RollViewProps) {
  const { people, error } = roll;
  const [text, setText] = useState('');
  const [order, setOrder] = useState<Order>('received');
  const [shownZone] = useChoice(zone);
  const isNarrow = useMedia(narrow);
  const shown = useMemo(() => shownPeople(people, text, order), [people, text, order]);
  const times = orders.filter(({ name }) => name !== 'received');
  return (
    <>
      <div class="bar">
        <label class="field wide">
          <span>Find in the roll</span>
          <input
            type="search"
            data-search
            value={text}
            placeholder="Name, UPN, number, tenant"
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>Order</span>
          <select value={order} onChange={({ currentTarget }) => setOrder(currentTarget.value as Order)}>
            {orders.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p class="count" role="status">
          {text.trim() === ''
            ? countOf(people.length, 'person', 'people')
            : `${shown.length.toLocaleString('en')} of ${countOf(people.length, 'person', 'people')}`}
          <Reading roll={roll} />
        </p>
      </div>
      {!isReceived && people.length > 0 && (
        <p class="notice" role="note">
          {missingPartWords.listMissing} These people are inferred from the sessions of the call and from its
          record: there may have been others.
        </p>
      )}
      {error !== undefined && <Failed error={error} retry={() => location.reload()} />}
      {shown.length > 0 && (
        <Rows
          label="Roll"
          class="roll"
          count={shown.length}
          rowHeight={isNarrow ? 84 : 34}
          head={<Head order={order} setOrder={setOrder} sortable={times.map(({ name }) => name)} />}
          row={(index) => <PersonRow person={shown[index]!} zone={shownZone} />}
        />
      )}
      {shown.length === 0 && people.length > 0 && <p class="state">No participant matches.</p>}
      {people.length === 0 && roll.reading === undefined && error === undefined && (
        <p class="state">{isReceived ? 'This roll is empty.' : missingPartWords.listMissing}</p>
      )}
    </>
  );
}

interface HeadProps {
  readonly order: Order;
  readonly setOrder: (order: Order) => void;
  readonly sortable: readonly Order[];
}

function Head({ order, setOrder, sortable }: HeadProps) {
  const column = (name: Order, title: string, number = false) => (
    <span
      role="columnheader"
      class={number ? 'number' : undefined}
      aria-sort={order === name ? 'ascending' : 'none'}
    >
      {sortable.includes(name) ? (
        <button type="button" class="sort" onClick={() => setOrder(order === name ? 'received' : name)}>
          {title}
        </button>
      ) : (
        title
      )}
    </span>
  );
  return (
    <>
      {column('name', 'Name')}
      <span role="columnheader">Kind</span>
      <span role="columnheader">Tenant</span>
      {column('joined', 'Joined', true)}
      {column('left', 'Left', true)}
      {column('present', 'Present', true)}
      <span role="columnheader" class="device">
        Device
      </span>
    </>
  );
}

const sources: Readonly<Record<InferenceSource, { readonly name: string; readonly title: string }>> = {
  sessions: {
    name: 'From sessions',
    title: 'The received list does not have this person; the sessions do.',
  },
  participants: {
    name: 'From the record',
    title: 'The list of participants was not received; the older list in the record names this person.',
  },
  organizer: {
    name: 'Organizer',
    title: 'The list of participants was not received; the record names this person as the organizer.',
  },
};

function PersonRow({ person, zone: shownZone }: { readonly person: RollPerson; readonly zone: Zone }) {
  const { name, userPrincipalName, kind, tenantId, inferredFrom, joinedDateTime, leftDateTime } = person;
  const { presentSeconds, platforms } = person;
  const at = (time: string | null) =>
    time === null ? <span class="quiet">–</span> : formatTime(time, 'second', shownZone);
  return (
    <>
      <span role="cell" class="name" title={person.id}>
        <b>{name}</b>{' '}
        {(userPrincipalName !== null || name !== person.id) && (
          <span class="quiet">{userPrincipalName ?? person.id}</span>
        )}{' '}
        {inferredFrom !== null && (
          <span class="badge warn" title={sources[inferredFrom].title}>
            {sources[inferredFrom].name}
          </span>
        )}
        <FailureBadge failures={person.failures} />
      </span>
      <span role="cell" class="kind">
        {kindName(kind)}
      </span>
      <span role="cell" class="tenant" title={tenantId ?? undefined}>
        {tenantId ?? <span class="quiet">–</span>}
      </span>
      <span role="cell" class="number joined">
        {at(joinedDateTime)}
      </span>
      <span role="cell" class="number left">
        {at(leftDateTime)}
      </span>
      <span role="cell" class="number present">
        {presentSeconds === null ? <span class="quiet">–</span> : formatLength(presentSeconds * 1000)}
      </span>
      <span role="cell" class="device">
        {platforms.join(', ')}
      </span>
    </>
  );
}
