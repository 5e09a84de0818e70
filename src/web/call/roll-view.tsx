/** Shows the roll: the participants of a call, searchable and sortable. */
import { useMemo, useState } from 'preact/hooks';
import { countMessages, frameMessages, rollMessages as messages } from '../messages/en.ts';
import { FailureBadge } from '../parts/badges.tsx';
import { Failed } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { missingPartWords } from './completeness.ts';
import { Reading } from './reading.tsx';
import { kindName } from '../../contract/identity-kinds.ts';
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
          <span>{messages.find}</span>
          <input
            type="search"
            data-search
            value={text}
            placeholder={messages.findPlaceholder}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{messages.order}</span>
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
            ? countMessages.people(people.length)
            : countMessages.peopleOf(shown.length, people.length)}
          <Reading roll={roll} />
        </p>
      </div>
      {!isReceived && people.length > 0 && (
        <p class="notice" role="note">
          {missingPartWords.listMissing} {messages.inferredNotice}
        </p>
      )}
      {error !== undefined && <Failed error={error} retry={() => location.reload()} />}
      {shown.length > 0 && (
        <Rows
          label={messages.title}
          class="roll"
          count={shown.length}
          rowHeight={isNarrow ? 84 : 34}
          head={<Head order={order} setOrder={setOrder} sortable={times.map(({ name }) => name)} />}
          row={(index) => <PersonRow person={shown[index]!} zone={shownZone} />}
        />
      )}
      {shown.length === 0 && people.length > 0 && <p class="state">{messages.noMatch}</p>}
      {people.length === 0 && roll.reading === undefined && error === undefined && (
        <p class="state">{isReceived ? messages.empty : missingPartWords.listMissing}</p>
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

function PersonRow({ person, zone: shownZone }: { readonly person: RollPerson; readonly zone: Zone }) {
  const { name, userPrincipalName, kind, tenantId, inferredFrom, joinedDateTime, leftDateTime } = person;
  const { presentSeconds, platforms } = person;
  const at = (time: string | null) =>
    time === null ? <span class="quiet">{frameMessages.none}</span> : formatTime(time, 'second', shownZone);
  return (
    <>
      <span role="cell" class="name" title={person.id}>
        <b>{name}</b>{' '}
        {(userPrincipalName !== null || name !== person.id) && (
          <span class="quiet">{userPrincipalName ?? person.id}</span>
        )}{' '}
        {inferredFrom !== null && (
          <span class="badge warn" title={messages.sources[inferredFrom].title}>
            {messages.sources[inferredFrom].name}
          </span>
        )}
        <FailureBadge failures={person.failures} />
      </span>
      <span role="cell" class="kind">
        {kindName(kind)}
      </span>
      <span role="cell" class="tenant" title={tenantId ?? undefined}>
        {tenantId ?? <span class="quiet">{frameMessages.none}</span>}
      </span>
      <span role="cell" class="number joined">
        {at(joinedDateTime)}
      </span>
      <span role="cell" class="number left">
        {at(leftDateTime)}
      </span>
      <span role="cell" class="number present">
        {presentSeconds === null ? (
          <span class="quiet">{frameMessages.none}</span>
        ) : (
          formatLength(presentSeconds * 1000)
        )}
      </span>
      <span role="cell" class="device">
        {platforms.join(', ')}
      </span>
    </>
  );
}
