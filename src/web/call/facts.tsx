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
        <div>
          <dt>{messages.start}</dt>
          <dd>
            {startDateTime === null ? messages.unknown : formatTime(startDateTime, 'moment', shownZone)}
          </dd>
        </div>
        <div>
          <dt>{messages.end}</dt>
          <dd>{endDateTime === null ? messages.unknown : formatTime(endDateTime, 'moment', shownZone)}</dd>
        </div>
        <div>
          <dt>{messages.length}</dt>
          <dd>{length === undefined ? messages.unknown : formatLength(length)}</dd>
        </div>
        <div>
          <dt>{messages.people}</dt>
          <dd>
            {formatNumber(call.participants)}
            {completeness.participants === null && <span class="quiet"> {messages.inferred}</span>}
          </dd>
        </div>
        <div>
          <dt>{messages.sessions}</dt>
          <dd>{completeness.sessions === null ? messages.notReceived : formatNumber(call.sessions)}</dd>
        </div>
        <div>
          <dt>{messages.media}</dt>
          <dd>{modalityList(call.modalities) || messages.noMedia}</dd>
        </div>
        <div>
          <dt>{messages.version}</dt>
          <dd>
            {call.version} <span class="quiet">{messages.versionsStored(call.versions)}</span>
          </dd>
        </div>
        <div>
          <dt>{messages.state}</dt>
          <dd>
            <Badges call={{ ...call, state: completeness.state }} />
          </dd>
        </div>
      </dl>
      <dl class="facts-long">
        <div>
          <dt>{messages.callId}</dt>
          <dd>
            <code>{call.id}</code> <CopyButton text={call.id} what={frameMessages.copiedCallId} />
          </dd>
        </div>
        {joinWebUrl !== null && joinWebUrl !== '' && (
          <div>
            <dt>{messages.joinUrl}</dt>
            <dd>
              <code class="cut">{joinWebUrl}</code>{' '}
              <CopyButton text={joinWebUrl} what={frameMessages.copiedJoinUrl} />
            </dd>
          </div>
        )}
        <Ending call={call} roll={roll.value} />
        <div>
          <dt>{messages.completeness}</dt>
          <dd class={completeness.state}>
            <strong>{whole}</strong> {details.join(' ')}
            {completeness.receivedDateTime !== null &&
              ` ${messages.received(formatTime(completeness.receivedDateTime, 'moment', shownZone))}`}
          </dd>
        </div>
        {completeness.odd > 0 && (
          <div>
            <dt>{messages.oddValues}</dt>
            <dd>{oddWords(completeness).join(' ')}</dd>
          </div>
        )}
        {completeness.quarantined.length > 0 && (
          <div>
            <dt>{messages.setAside}</dt>
            <dd>
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
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
