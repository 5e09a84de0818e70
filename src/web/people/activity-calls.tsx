/** Lists the calls of a person or a number, newest first, and how the person took part in each. */
import type { ActivityCall } from '../../analysis/activity.ts';
import { callHref, typeName } from '../calls/found-call.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { Failed } from '../parts/states.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { PersonLink } from './person-link.tsx';
import type { LoadedActivity } from './use-activity.ts';

export function ActivityCalls({ activity }: { readonly activity: LoadedActivity }) {
  const [shownZone] = useChoice(zone);
  const { parts, error, isLoadingMore, loadMore } = activity;
  const calls = parts.flatMap(({ answer }) => answer.value);
  const next = parts.at(-1)?.next;
  return (
    <section class="sheet">
      <h2>{messages.list}</h2>
      <Scrolling label={messages.list} class="wide-table">
        <table class="plain activity-calls">
          <thead>
            <tr>
              <th scope="col">{messages.start}</th>
              <th scope="col">{messages.withPeople}</th>
              <th scope="col">{messages.joined}</th>
              <th scope="col">{messages.left}</th>
              <th scope="col">{messages.inCall}</th>
              <th scope="col">{messages.result}</th>
              <th scope="col">{messages.media}</th>
            </tr>
          </thead>
          <tbody>
            {calls.map((call) => (
              <Row key={call.id} call={call} zone={shownZone} />
            ))}
          </tbody>
        </table>
      </Scrolling>
      {error !== undefined && <Failed error={error} retry={loadMore} />}
      <div class="more" role="status">
        <span class="quiet">{messages.shown(calls.length)}</span>{' '}
        {next !== undefined && (
          <button type="button" disabled={isLoadingMore} onClick={loadMore}>
            {isLoadingMore ? messages.loadingMore : messages.more}
          </button>
        )}
      </div>
    </section>
  );
}

interface RowProps {
  readonly call: ActivityCall;
  readonly zone: Zone;
}

function Row({ call, zone: shownZone }: RowProps) {
  const { startDateTime, type, joinedDateTime, leftDateTime, seconds, side, certainty } = call;
  const time = (at: string | null) => (at === null ? '' : formatTime(at, 'second', shownZone));
  return (
    <tr>
      <th scope="row">
        <a href={callHref(call)}>{formatTime(startDateTime, 'moment', shownZone)}</a>{' '}
        <span class="quiet">{typeName(type)}</span>
      </th>
      <td>
        <People call={call} />
      </td>
      <td>{time(joinedDateTime)}</td>
      <td>{time(leftDateTime)}</td>
      <td>
        {seconds === null ? (
          <span class="quiet">{messages.unknownTime}</span>
        ) : joinedDateTime === null ? (
          <span class="quiet">{messages.notConnected}</span>
        ) : (
          formatLength(seconds * 1000)
        )}
      </td>
      <td>
        <span class="badges">
          <Outcome call={call} />
          {certainty === 'likely' && <span class="badge warn">{messages.likelyMatch}</span>}
        </span>{' '}
        {side !== null && (type === 'peerToPeer' || side === 'callee') && (
          <span class="quiet">{messages.sides[side]}</span>
        )}
      </td>
      <td>
        <Verdict call={call} />
      </td>
    </tr>
  );
}

function People({ call: { with: people, otherPeople } }: { readonly call: ActivityCall }) {
  if (people === null) return <>{messages.peopleCount(otherPeople)}</>;
  if (people.length === 0) return <span class="quiet">{messages.alone}</span>;
  return (
    <>
      {people.map((person, i) => (
        <>
          {i > 0 && ', '}
          <PersonLink key={i} person={person} />
        </>
      ))}
      {otherPeople > 0 && <span class="quiet"> {messages.morePeople(otherPeople)}</span>}
    </>
  );
}

function Outcome({ call: { outcome, failures } }: { readonly call: ActivityCall }) {
  const look =
    outcome === 'failed' ? 'bad' : outcome === 'connected' || outcome === 'unknown' ? 'unverified' : 'ended';
  const words = failures.map((failure) => failure.words).join('; ');
  return (
    <>
      <span class={`badge ${look}`}>{messages.outcomes[outcome]}</span>
      {words !== '' && outcome !== 'notAnswered' && <span class="reasons-of">{words}</span>}
    </>
  );
}

function Verdict({ call: { verdict } }: { readonly call: ActivityCall }) {
  if (verdict === null) return <span class="quiet">{messages.noMedia}</span>;
  return (
    <span class={verdict === 'poor' ? 'badge warn' : 'badge unverified'}>{messages.verdicts[verdict]}</span>
  );
}
