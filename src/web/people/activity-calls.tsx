/** Lists the calls of a person or a number, newest first, and how the person took part in each. */
import type { ActivityCall } from '../../analysis/activity.ts';
import { callHref, typeName } from '../calls/found-call.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
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
  const time = (at: string | null) => (at === null ? '' : formatTime(at, 'second', shownZone));
  return (
    <section class="sheet">
      <h2>{messages.list}</h2>
      <DataTable
        label={messages.list}
        box="wide-table"
        class="activity-calls"
        rows={calls}
        columns={[
          { head: messages.start, cell: (call) => <Start call={call} zone={shownZone} /> },
          { head: messages.withPeople, cell: (call) => <People call={call} /> },
          { head: messages.joined, cell: ({ joinedDateTime }) => time(joinedDateTime) },
          { head: messages.left, cell: ({ leftDateTime }) => time(leftDateTime) },
          { head: messages.inCall, cell: timeInCall },
          { head: messages.result, cell: (call) => <Result call={call} /> },
          { head: messages.media, cell: (call) => <Verdict call={call} /> },
        ]}
      />
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

interface StartProps {
  readonly call: ActivityCall;
  readonly zone: Zone;
}

function Start({ call, zone: shownZone }: StartProps) {
  return (
    <>
      <a href={callHref(call)}>{formatTime(call.startDateTime, 'moment', shownZone)}</a>{' '}
      <span class="quiet">{typeName(call.type)}</span>
    </>
  );
}

function timeInCall({ seconds, joinedDateTime }: ActivityCall) {
  if (seconds === null) return <span class="quiet">{messages.unknownTime}</span>;
  if (joinedDateTime === null) return <span class="quiet">{messages.notConnected}</span>;
  return formatLength(seconds * 1000);
}

function Result({ call }: { readonly call: ActivityCall }) {
  const { type, side, certainty } = call;
  return (
    <>
      <span class="badges">
        <Outcome call={call} />
        {certainty === 'likely' && <span class="badge warn">{messages.likelyMatch}</span>}
      </span>{' '}
      {side !== null && (type === 'peerToPeer' || side === 'callee') && (
        <span class="quiet">{messages.sides[side]}</span>
      )}
    </>
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
