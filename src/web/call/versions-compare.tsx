/** Compares two stored states of a call side by side: what was, what is, who came and who went. */
import type {
  ChangedPerson,
  ComparedPerson,
  ComparedSession,
  Counted,
} from '../../analysis/compare-versions.ts';
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { versionMessages as messages } from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { pageOf } from '../people/links.ts';
import { go, type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime, type Zone } from '../times.ts';
import { CompareTable } from './compare-table.tsx';
import { changeRows, stateRows } from './compare-rows.ts';
import {
  type ComparedVersions,
  type ListedState,
  stateLabel,
  nameOfState,
  statesOf,
} from './compared-states.ts';
import { Notice } from '../parts/notice.tsx';

interface VersionsCompareProps {
  readonly callId: string;
  readonly states: readonly ListedState[];
  readonly place: Place;
}

export function VersionsCompare({ callId, states, place }: VersionsCompareProps) {
  const [shownZone] = useChoice(zone);
  const { left, right } = statesOf(states, place.query);
  const labelOf = (state: ListedState) => stateLabel(state, states, shownZone);
  const choose = (side: 'left' | 'right') => (edition: string) =>
    go(withQuery(place, { [side]: edition }), { replaces: true });
  return (
    <section class="compare" aria-label={messages.compare}>
      <h2>{messages.compare}</h2>
      <div class="compare-sides">
        {(['left', 'right'] as const).map((side) => (
          <StateChoice
            key={side}
            {...{ side, states, labelOf }}
            chosen={{ left, right }[side]}
            choose={choose(side)}
          />
        ))}
      </div>
      {left !== undefined && right !== undefined && (
        <Compared key={`${left.edition} ${right.edition}`} {...{ callId, left, right, states, labelOf }} />
      )}
    </section>
  );
}

interface StateChoiceProps {
  readonly side: 'left' | 'right';
  readonly states: readonly ListedState[];
  readonly labelOf: (state: ListedState) => string;
  /** Absent when the address names no stored state. */
  readonly chosen: ListedState | undefined;
  readonly choose: (edition: string) => void;
}

function StateChoice({ side, states, labelOf, chosen, choose }: StateChoiceProps) {
  const id = `compare-${side}`;
  return (
    <div class="field">
      <label for={id}>{messages.sides[side]}</label>
      <select
        id={id}
        value={chosen?.edition ?? ''}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        {...(chosen === undefined && { 'aria-invalid': true, 'aria-describedby': `${id}-error` })}
      >
        {chosen === undefined && <option value="" />}
        {states.map((state) => (
          <option key={state.edition} value={state.edition}>
            {labelOf(state)}
          </option>
        ))}
      </select>
      {chosen === undefined && (
        <p class="field-error" id={`${id}-error`}>
          {messages.noSuchState}
        </p>
      )}
    </div>
  );
}

interface ComparedProps {
  readonly callId: string;
  readonly left: ListedState;
  readonly right: ListedState;
  readonly states: readonly ListedState[];
  readonly labelOf: (state: ListedState) => string;
}

function Compared({ callId, left, right, states, labelOf }: ComparedProps) {
  const [shownZone] = useChoice(zone);
  const path = `/rollcall/callRecords/${encodeURIComponent(callId)}/versions/compare?left=${left.edition}&right=${right.edition}`;
  const found = useLoaded(path, (signal) => getJson<ComparedVersions>(path, { signal }));
  if (found.state === 'failed') return <Failed error={found.error} retry={found.reload} />;
  if (found.value === undefined) return <Loading what={messages.comparing} />;
  const { people, sessions } = found.value;
  const heads = { left: labelOf(left), right: labelOf(right) };
  const names = { left: nameOfState(left, states), right: nameOfState(right, states) };
  const isUnsure = [found.value.left, found.value.right].some(
    ({ completeness: { participants, sessions, lacking } }) =>
      participants === null || sessions === null || lacking.length > 0,
  );
  return (
    <>
      <p role="status">
        {messages.summary(people.came.count, people.went.count, people.changed.count)}{' '}
        {left.edition === right.edition && messages.same}
      </p>
      {isUnsure && <Notice>{messages.unsure}</Notice>}
      <CompareTable
        label={messages.facts}
        heads={heads}
        groups={[{ rows: stateRows(found.value, shownZone) }]}
      />
      <div class="compare-sides">
        <People title={messages.went(names.left, people.went.count)} people={people.went} />
        <People title={messages.came(names.right, people.came.count)} people={people.came} />
      </div>
      <ChangedPeople people={people.changed} heads={heads} zone={shownZone} />
      {sessions === null ? (
        <p class="quiet">{messages.sessionsUnknown}</p>
      ) : (
        <>
          <div class="compare-sides">
            <Sessions
              title={messages.removedSessions(names.left, sessions.removed.count)}
              sessions={sessions.removed}
              zone={shownZone}
            />
            <Sessions
              title={messages.addedSessions(names.right, sessions.added.count)}
              sessions={sessions.added}
              zone={shownZone}
            />
          </div>
          {sessions.changed.count > 0 && (
            <Sessions
              title={messages.changedSessions(sessions.changed.count)}
              sessions={sessions.changed}
              zone={shownZone}
            />
          )}
        </>
      )}
    </>
  );
}

function People({
  title,
  people: { count, first },
}: {
  readonly title: string;
  readonly people: Counted<ComparedPerson>;
}) {
  return (
    <div class="compare-side">
      <h3>{title}</h3>
      {count > 0 && (
        <ul tabIndex={0} aria-label={title}>
          {first.map(({ id, name, kind }, i) => (
            <li key={i}>
              <bdi>
                <Linked href={pageOf({ id, kind })}>{name}</Linked>
              </bdi>{' '}
              {name !== id && <span class="quiet">{id}</span>}
            </li>
          ))}
        </ul>
      )}
      <More count={count - first.length} />
    </div>
  );
}

interface ChangedPeopleProps {
  readonly people: Counted<ChangedPerson>;
  readonly heads: { readonly left: string; readonly right: string };
  readonly zone: Zone;
}

function ChangedPeople({ people: { count, first }, heads, zone: shownZone }: ChangedPeopleProps) {
  const title = messages.changedPeople(count);
  const groups = first.map(({ name, changes }) => ({ title: name, rows: changeRows(changes, shownZone) }));
  return (
    <>
      <h3>{title}</h3>
      {count > 0 && <CompareTable label={title} heads={heads} groups={groups} />}
      <More count={count - first.length} />
    </>
  );
}

interface SessionsProps {
  readonly title: string;
  readonly sessions: Counted<ComparedSession>;
  readonly zone: Zone;
}

function Sessions({ title, sessions: { count, first }, zone: shownZone }: SessionsProps) {
  const timeOf = (dateTime: string | null) =>
    dateTime === null ? messages.unknownTime : formatTime(dateTime, 'second', shownZone);
  return (
    <div class="compare-side">
      <h3>{title}</h3>
      {count > 0 && (
        <ul tabIndex={0} aria-label={title}>
          {first.map(({ id, people, startDateTime, endDateTime }, i) => (
            <li key={i}>
              <bdi>{people.length === 0 ? messages.noPerson : people.join(', ')}</bdi>{' '}
              <span class="quiet">{messages.span(timeOf(startDateTime), timeOf(endDateTime))}</span>{' '}
              <code>{id}</code>
            </li>
          ))}
        </ul>
      )}
      <More count={count - first.length} />
    </div>
  );
}

interface LinkedProps {
  readonly href: string | undefined;
  readonly children: string;
}

function Linked({ href, children }: LinkedProps) {
  return href === undefined ? <>{children}</> : <a href={href}>{children}</a>;
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <p class="quiet">{messages.more(count)}</p> : null;
}
