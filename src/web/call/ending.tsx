/** Shows how a call ended: the reasons, the number of affected people, and the sessions that failed. */
import { failureWords } from '../../contract/failure.ts';
import type { RollAnswer } from '../../analysis/roll-answer.ts';
import { failureMessages as messages, frameMessages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import type { CallSummary } from './call-summary.ts';
import { Fact } from '../parts/fact.tsx';

interface EndingProps {
  readonly call: Pick<CallSummary, 'outcome' | 'outcomeText' | 'failures'>;
  /** Absent while it is loading. */
  readonly roll: RollAnswer | undefined;
}

export function Ending({ call, roll }: EndingProps) {
  const { outcome, outcomeText, failures } = call;
  return (
    <Fact name={messages.howItEnded} class={outcome === 'failed' ? 'missing' : undefined}>
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
    </Fact>
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
      <DataTable
        label={title}
        rows={shown}
        columns={[
          {
            head: messages.person,
            cell: ({ people }) =>
              people.length === 0
                ? messages.unknownPerson
                : people.map((index) => roll.people?.[index]?.name).join(', '),
          },
          {
            head: messages.start,
            cell: ({ startDateTime: start }) =>
              start === null ? frameMessages.none : formatTime(start, 'second', shownZone),
          },
          { head: messages.reason, cell: ({ failure }) => failureWords(failure) },
        ]}
      />
      {shown.length < count && <p class="quiet">{messages.shownOf(shown.length, count)}</p>}
    </details>
  );
}
