/** Shows the roll: the participants of a call, searchable and sortable. */
import { useMemo, useRef } from 'preact/hooks';
import type { RollPerson } from '../../analysis/roll.ts';
import { affiliations } from '../../contract/affiliation.ts';
import {
  completenessMessages,
  countMessages,
  peopleMessages,
  rollMessages as messages,
} from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { go, type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { copiedRoll } from './copied-roll.ts';
import { RollExport } from './roll-export.tsx';
import { PersonRow, RollHead } from './roll-row.tsx';
import {
  affiliationCounts,
  formatOrder,
  longestFind,
  orderChoices,
  parseOrder,
  searchTexts,
  shownPeople,
} from './roll-order.ts';
import type { RollState } from './use-roll.ts';
import { Notice } from '../parts/notice.tsx';

interface RollViewProps {
  readonly roll: RollState;
  /** Its query has the text to find, the affiliation and the order. */
  readonly place: Place;
}

export function RollView({ roll, place }: RollViewProps) {
  if (roll.state === 'failed') return <Failed error={roll.error} retry={roll.reload} />;
  if (roll.value === undefined) return <Loading what={messages.loading} />;
  const { people, completeness } = roll.value;
  if (people === null) return <p class="state">{completenessMessages.lacking.listMissing}</p>;
  if (people.length === 0) return <p class="state">{messages.empty}</p>;
  return (
    <>
      {completeness.participants === null && (
        <Notice>
          {completenessMessages.lacking.listMissing} {messages.inferredNotice}
        </Notice>
      )}
      <People people={people} place={place} />
    </>
  );
}

interface PeopleProps {
  readonly people: readonly RollPerson[];
  readonly place: Place;
}

function People({ people, place }: PeopleProps) {
  const [shownZone] = useChoice(zone);
  const isNarrow = useMedia(narrow);
  const text = place.query.get('find') ?? '';
  const affiliation = affiliations.find((one) => one === place.query.get('affiliation'));
  const sort = place.query.get('sort');
  const order = useMemo(() => parseOrder(sort), [sort]);
  const texts = useTexts(people);
  const shown = useMemo(
    () => shownPeople(people, texts, { text, affiliation, order }),
    [people, texts, text, affiliation, order],
  );
  const counts = useMemo(() => affiliationCounts(people, affiliation), [people, affiliation]);
  const show = (changes: Readonly<Record<string, string | undefined>>) =>
    go(withQuery(place, changes), { replaces: true });
  // In a narrow window it stands below, so that people are in sight.
  const takeAlong = <RollExport place={place} people={people} shown={shown} />;
  return (
    <>
      <div class="bar roll-bar">
        <label class="field wide">
          <span>{messages.find}</span>
          <input
            type="search"
            data-search
            value={text}
            maxLength={longestFind}
            placeholder={messages.findPlaceholder}
            onInput={({ currentTarget: { value } }) => show({ find: value === '' ? undefined : value })}
          />
        </label>
        <label class="field">
          <span>{peopleMessages.affiliation}</span>
          <select
            value={affiliation ?? ''}
            onChange={({ currentTarget: { value } }) => show({ affiliation: value || undefined })}
          >
            <option value="">{messages.everyone}</option>
            {counts.map((one) => (
              <option key={one.affiliation} value={one.affiliation}>
                {messages.affiliationCount(peopleMessages.affiliations[one.affiliation], one.count)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{messages.order}</span>
          <select
            value={formatOrder(order) ?? ''}
            onChange={({ currentTarget: { value } }) => show({ sort: value || undefined })}
          >
            {orderChoices.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p class="count" role="status">
          {shown === people
            ? countMessages.people(people.length)
            : countMessages.peopleOf(shown.length, people.length)}
        </p>
      </div>
      {!isNarrow && takeAlong}
      {shown.length > 0 && (
        <Rows
          label={messages.title}
          class="roll"
          count={shown.length}
          rowHeight={isNarrow ? 84 : 34}
          head={<RollHead order={order} sort={(next) => show({ sort: formatOrder(next) })} />}
          row={(index) => <PersonRow person={shown[index]!} zone={shownZone} place={place} />}
          table={copiedRoll(shown, shownZone)}
        />
      )}
      {shown.length === 0 && <p class="state">{messages.noMatch}</p>}
      {isNarrow && takeAlong}
    </>
  );
}

/** Returns a function that computes the texts to search once for these people, when they are first needed. */
function useTexts(people: readonly RollPerson[]): () => readonly string[] {
  const texts = useRef<readonly string[] | undefined>(undefined);
  return useMemo(() => {
    texts.current = undefined;
    return () => (texts.current ??= searchTexts(people));
  }, [people]);
}
