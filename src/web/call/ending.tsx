/** Shows how a call ended: the reasons, the number of affected people, and the sessions that failed. */
import { failureWords } from '../../contract/failure.ts';
import { failureMessages as messages, frameMessages } from '../messages/en.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import type { CallSummary } from './call-summary.ts';
import type { RollState } from './use-roll.ts';

/** The maximum number of sessions shown: more would make the page slow. */
const mostShown = 200;

interface EndingProps {
  readonly call: Pick<CallSummary, 'outcome' | 'outcomeText' | 'failures'>;
  readonly roll: Pick<RollState, 'people' | 'endedSessions'>;
}

export function Ending({ call, roll }: EndingProps) {
  const { outcome, outcomeText, failures } = call;
  return (
    <div>
      <dt>{messages.howItEnded}</dt>
      <dd class={outcome === 'failed' ? 'missing' : undefined}>
        <strong>{outcomeText}</strong>
        {failures !== null && (
          <ul class="pieces">
            {failures.reasons.map(({ kind, stage, reason, words, sessions: count, people }) => (
              <li key={`${kind} ${stage ?? ''} ${reason ?? ''}`}>
                {words} <span class="quiet">{messages.reasonCounts(count, people)}</span>
              </li>
            ))}
          </ul>
        )}
        {roll.endedSessions.length > 0 && <EndedSessions roll={roll} />}
      </dd>
    </div>
  );
}

function EndedSessions({ roll: { people, endedSessions: sessions } }: Pick<EndingProps, 'roll'>) {
  const [shownZone] = useChoice(zone);
  const shown = sessions.slice(0, mostShown);
  const title = messages.endedSessions(sessions.length);
  return (
    <details>
      <summary>{title}</summary>
      <div class="scrolls" tabIndex={0} role="region" aria-label={title}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{messages.person}</th>
              <th scope="col">{messages.start}</th>
              <th scope="col">{messages.reason}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ people: indexes, startDateTime, failure }, i) => (
              <tr key={i}>
                <th scope="row">
                  {indexes.length === 0
                    ? messages.unknownPerson
                    : indexes.map((index) => people[index]?.name).join(', ')}
                </th>
                <td>
                  {startDateTime === null
                    ? frameMessages.none
                    : formatTime(startDateTime, 'second', shownZone)}
                </td>
                <td>{failureWords(failure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < sessions.length && (
        <p class="quiet">{messages.shownOf(shown.length, sessions.length)}</p>
      )}
    </details>
  );
}
