/** Shows a summary of a call. */
import { modalityList } from '../calls/found-call.ts';
import {
  callMessages as messages,
  completenessMessages,
  formatNumber,
  frameMessages,
} from '../messages/en.ts';
import { Badges } from '../parts/badges.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, lengthOf } from '../times.ts';
import { Ending } from './ending.tsx';
import type { RollState } from './use-roll.ts';
import type { CallSummary } from './call-summary.ts';
import { completenessWords, oddWords, pieceWords } from './completeness.ts';
import { Fact } from '../parts/fact.tsx';

interface FactsProps {
  readonly call: CallSummary;
  readonly roll: RollState;
}

/** On a narrow page the facts are folded under a line, so that the roll begins in sight. */
export function Facts(props: FactsProps) {
  const [shownZone] = useChoice(zone);
  const isNarrow = useMedia(narrow);
  if (!isNarrow)
    return (
      <div class="facts">
        <AllFacts {...props} />
      </div>
    );
  const { call } = props;
  const { startDateTime, endDateTime, completeness } = call;
  const length = lengthOf(startDateTime, endDateTime);
  return (
    <details class="facts folded">
      <summary>
        {startDateTime !== null && `${formatTime(startDateTime, 'moment', shownZone)} · `}
        {length !== undefined && `${formatLength(length)} · `}
        {messages.facts} <Badges call={{ ...call, state: completeness.state }} />
      </summary>
      <AllFacts {...props} />
    </details>
  );
}

function AllFacts({ call, roll }: FactsProps) {
  const [shownZone] = useChoice(zone);
  const { startDateTime, endDateTime, joinWebUrl, completeness } = call;
  const length = lengthOf(startDateTime, endDateTime);
  const [whole, ...details] = completenessWords(completeness, (dateTime) =>
    formatTime(dateTime, 'moment', shownZone),
  );
  return (
    <>
      <dl>
        <Fact name={messages.start}>
          {startDateTime === null ? messages.unknown : formatTime(startDateTime, 'moment', shownZone)}
        </Fact>
        <Fact name={messages.end}>
          {endDateTime === null ? messages.unknown : formatTime(endDateTime, 'moment', shownZone)}
        </Fact>
        <Fact name={messages.length}>{length === undefined ? messages.unknown : formatLength(length)}</Fact>
        <Fact name={messages.people}>
          {formatNumber(call.participants)}
          {completeness.participants === null && <span class="quiet"> {messages.inferred}</span>}
        </Fact>
        <Fact name={messages.sessions}>
          {completeness.sessions === null ? messages.notReceived : formatNumber(call.sessions)}
        </Fact>
        <Fact name={messages.media}>{modalityList(call.modalities) || messages.noMedia}</Fact>
        <Fact name={messages.version}>
          {call.version} <span class="quiet">{messages.versionsStored(call.versions)}</span>
        </Fact>
        <Fact name={messages.state}>
          <Badges call={{ ...call, state: completeness.state }} />
        </Fact>
      </dl>
      <dl class="facts-long">
        <Fact name={messages.callId}>
          <code>{call.id}</code> <CopyButton text={call.id} what={frameMessages.copiedCallId} />
        </Fact>
        {joinWebUrl !== null && joinWebUrl !== '' && (
          <Fact name={messages.joinUrl}>
            <code class="cut">{joinWebUrl}</code>{' '}
            <CopyButton text={joinWebUrl} what={frameMessages.copiedJoinUrl} />
          </Fact>
        )}
        <Ending call={call} roll={roll.value} />
        <Fact name={messages.completeness} class={completeness.state}>
          <strong>{whole}</strong> {details.join(' ')}
          {completeness.receivedDateTime !== null &&
            ` ${messages.received(formatTime(completeness.receivedDateTime, 'moment', shownZone))}`}
        </Fact>
        {completeness.odd > 0 && <Fact name={messages.oddValues}>{oddWords(completeness).join(' ')}</Fact>}
        {completeness.quarantined.length > 0 && (
          <Fact name={messages.setAside}>
            <ul class="pieces">
              {completeness.quarantined.map(({ id, unit, reason }) => (
                <li key={id}>
                  {completenessMessages.setAside(
                    pieceWords(unit),
                    reason,
                    <code>rollcall quarantine show {id}</code>,
                  )}
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
    </>
  );
}
