/** Lists the people of a call by how their media were, the worst first. */
import type { ComponentChildren } from 'preact';
import { ratingName } from '../../contract/quality-words.ts';
import { qualityMessages as messages } from '../messages/en.ts';
import { Rows } from '../parts/rows.tsx';
import { Failed, Loading } from '../parts/states.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { type Place, withQuery } from '../place.ts';
import { type QualityOf, type QualityPerson, useQualityPeople } from './quality-answers.ts';
import { VerdictBadge } from './quality-badge.tsx';
import { Notice } from '../parts/notice.tsx';

interface QualityPeopleProps {
  readonly of: QualityOf;
  readonly place: Place;
  readonly bar: ComponentChildren;
}

export function QualityPeople({ of, place, bar }: QualityPeopleProps) {
  const { value, state, error, reload } = { error: undefined, ...useQualityPeople(of) };
  const isNarrow = useMedia(narrow);
  if (state === 'failed') return <Failed error={error} retry={reload} />; // a failure has its error
  if (value === undefined) return <Loading what={messages.loading} />;
  const { people, counts, isAll } = value;
  return (
    <>
      <div class="bar">
        {bar}
        <p class="count" role="status">
          <b class={counts.poor > 0 ? 'poor' : undefined}>{messages.forWhom(counts)}</b>
          {messages.others(counts)}
        </p>
      </div>
      {!isAll && <Notice>{messages.firstPeople(people.length, counts.people)}</Notice>}
      {people.length === 0 ? (
        <p class="state">{messages.noPeople}</p>
      ) : (
        <Rows
          label={messages.people}
          class="quality-people"
          count={people.length}
          rowHeight={isNarrow ? 118 : 34}
          head={
            <>
              <span role="columnheader">{messages.verdict}</span>
              <span role="columnheader">{messages.name}</span>
              <span role="columnheader">{messages.why}</span>
              <span role="columnheader">{messages.rating}</span>
            </>
          }
          row={(index) => <PersonRow person={people[index]!} place={place} />}
        />
      )}
    </>
  );
}

function PersonRow({ person, place }: { readonly person: QualityPerson; readonly place: Place }) {
  const { index, name, verdict, sentence, rating } = person;
  return (
    <>
      <span role="cell" class="verdict">
        <VerdictBadge verdict={verdict} />
      </span>
      <span role="cell" class="name">
        <a href={withQuery(place, { person: String(index) })}>
          <bdi>{name}</bdi>
        </a>
      </span>
      <span role="cell" class="why" title={sentence}>
        {sentence}
      </span>
      <span role="cell" class="rating">
        {rating === null ? <span class="quiet">{messages.notRated}</span> : ratingName(rating)}
      </span>
    </>
  );
}
