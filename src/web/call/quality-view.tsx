/** Shows the media quality of a call: for whom it was poor and why, one person's panel, or the streams. */
import type { RollPerson } from '../../analysis/roll.ts';
import { qualityMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { go, type Place, withQuery } from '../place.ts';
import type { QualityOf } from './quality-answers.ts';
import { QualityLegend } from './quality-legend.tsx';
import { QualityPanel } from './quality-panel.tsx';
import { QualityPeople } from './quality-people.tsx';
import { QualityStreams } from './quality-streams.tsx';

interface QualityViewProps extends QualityOf {
  /** The roll of the call, once it is loaded. */
  readonly people: readonly RollPerson[];
  readonly place: Place;
}

const choices = [
  { name: 'people', title: messages.view.people },
  { name: 'all', title: messages.view.streams },
  { name: 'poor', title: messages.view.poorStreams },
] as const;

export function QualityView({ callId, version, people, place }: QualityViewProps) {
  const person = place.query.get('person');
  const of = { callId, version };
  if (person !== null)
    return (
      <>
        <p>
          <a href={withQuery(place, { person: undefined })}>{messages.allPeople}</a>
        </p>
        <QualityPanel of={of} person={person} entry={people[Number(person)]} />
        <QualityLegend />
      </>
    );
  const chosen = choices.find(({ name }) => name === place.query.get('streams'))?.name ?? 'people';
  const choose = (name: string) =>
    go(withQuery(place, { streams: name === 'people' ? undefined : name }), { replaces: true });
  const bar = <Choices label={messages.views} choices={choices} chosen={chosen} choose={choose} />;
  return (
    <>
      {chosen === 'people' ? (
        <QualityPeople of={of} place={place} bar={bar} />
      ) : (
        <QualityStreams of={of} choice={chosen} bar={bar} />
      )}
      <QualityLegend />
    </>
  );
}
