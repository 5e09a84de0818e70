/** Shows what the calls of a person or a number add up to. */
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import { formatNumber, peopleMessages as messages } from '../messages/en.ts';
import { formatLength } from '../times.ts';
import { Fact } from '../parts/fact.tsx';

export function ActivityTiles({ facts: { summary, missed } }: { readonly facts: ActivityFacts }) {
  const { seconds, secondsOfEachCall, callsWithoutTimes, unanswered, quality } = summary;
  const { received, made, unstated } = unanswered;
  const sum = (name: 'declined' | 'busy') => received[name] + made[name] + unstated[name];
  return (
    <>
      <dl class="tiles">
        <Fact name={messages.calls}>{formatNumber(summary.calls)}</Fact>
        <Fact name={messages.time}>
          {formatLength(seconds * 1000)}
          {secondsOfEachCall !== seconds && (
            <div class="quiet">{messages.timeNote(formatLength(secondsOfEachCall * 1000))}</div>
          )}
          {callsWithoutTimes > 0 && <div class="quiet">{messages.withoutTimes(callsWithoutTimes)}</div>}
        </Fact>
        <Fact name={messages.missed}>
          <ul class="kinds">
            {(['notAnswered', 'canceled', 'phoneLogs'] as const).map((kind) => (
              <li key={kind}>
                {formatNumber(missed[kind])} <span class="quiet">{messages.missedKinds[kind]}</span>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name={messages.notAnsweredByOthers}>{formatNumber(made.notAnswered + made.canceled)}</Fact>
        <Fact name={messages.declined}>{formatNumber(sum('declined'))}</Fact>
        <Fact name={messages.busy}>{formatNumber(sum('busy'))}</Fact>
        <Fact name={messages.failed}>{formatNumber(summary.failed)}</Fact>
        <Fact name={messages.poorShare}>
          {quality.classified === 0 ? (
            <span class="quiet">{messages.noClassified}</span>
          ) : (
            messages.shareOf(quality.poor, quality.classified)
          )}
        </Fact>
      </dl>
      {missed.phoneLogs > 0 && <p class="quiet legend">{messages.missedNote}</p>}
    </>
  );
}
