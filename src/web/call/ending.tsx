/** Shows how a call ended: the reasons, the number of affected people, and the sessions that failed. */
import { failureWords } from '../../contract/failure.ts';
import type { RollAnswer } from '../../analysis/roll-answer.ts';
import { failureMessages as messages, frameMessages } from '../messages/en.ts';
import { Scrolling } from '../parts/scrolling.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import type { CallSummary } from './call-summary.ts';

interface EndingProps {
  readonly call: Pick<CallSummary, 'outcome' | 'outcomeText' | 'failures'>;
  /** Absent while it is loading. */
  readonly roll: RollAnswer | undefined;
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
        {roll !== undefined && (roll.endedSessionCount ?? 0) > 0 && <EndedSessions roll={roll} />}
      </dd>
    </div>
  );
}

/** Lists the sessions; the server sends the first of many. */
function EndedSessions({ roll }: { readonly roll: RollAnswer }) {
  const [shownZone] = useChoice(zone);
  const shown = roll.endedSessions ?? [];
  const count = roll.endedSessionCount ?? shown.length;
  const title = messages.endedSessions(count);
  return (
    <details>
      <summary>{title}</summary>
      <Scrolling label={title}>
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
                    : indexes.map((index) => roll.people?.[index]?.name).join(', ')}
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
      </Scrolling>
      {shown.length < count && <p class="quiet">{messages.shownOf(shown.length, count)}</p>}
    </details>
  );
}
