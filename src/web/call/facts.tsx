/** Shows a summary of a call. */
import { modalityList } from '../calls/found-call.ts';
import { Badges } from '../parts/badges.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { useChoice, zone } from '../preferences.ts';
import { countOf, formatLength, formatTime, lengthOf } from '../times.ts';
import { Ending } from './ending.tsx';
import type { RollState } from './use-roll.ts';
import type { CallSummary } from './call-summary.ts';
import { completenessWords, oddWords, pieceWords } from './completeness.ts';

export function Facts({ call, roll }: { readonly call: CallSummary; readonly roll: RollState }) {
  const [shownZone] = useChoice(zone);
  const { startDateTime, endDateTime, joinWebUrl, completeness } = call;
  const length = lengthOf(startDateTime, endDateTime);
  const [whole, ...details] = completenessWords(completeness, (dateTime) =>
    formatTime(dateTime, 'moment', shownZone),
  );
  return (
    <div class="facts">
      <dl>
        <div>
          <dt>Start</dt>
          <dd>{startDateTime === null ? 'Unknown' : formatTime(startDateTime, 'moment', shownZone)}</dd>
        </div>
        <div>
          <dt>End</dt>
          <dd>{endDateTime === null ? 'Unknown' : formatTime(endDateTime, 'moment', shownZone)}</dd>
        </div>
        <div>
          <dt>Length</dt>
          <dd>{length === undefined ? 'Unknown' : formatLength(length)}</dd>
        </div>
        <div>
          <dt>People</dt>
          <dd>
            {call.participants.toLocaleString('en')}
            {completeness.participants === null && <span class="quiet"> inferred</span>}
          </dd>
        </div>
        <div>
          <dt>Sessions</dt>
          <dd>{completeness.sessions === null ? 'Not received' : call.sessions.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>Media</dt>
          <dd>{modalityList(call.modalities) || 'None'}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>
            {call.version} <span class="quiet">({countOf(call.versions, 'version')} stored)</span>
          </dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>
            <Badges call={{ ...call, state: completeness.state }} />
          </dd>
        </div>
      </dl>
      <dl class="facts-long">
        <div>
          <dt>Call id</dt>
          <dd>
            <code>{call.id}</code> <CopyButton text={call.id} what="the call id" />
          </dd>
        </div>
        {joinWebUrl !== null && joinWebUrl !== '' && (
          <div>
            <dt>Join URL</dt>
            <dd>
              <code class="cut">{joinWebUrl}</code> <CopyButton text={joinWebUrl} what="the join URL" />
            </dd>
          </div>
        )}
        <Ending call={call} roll={roll} />
        <div>
          <dt>Completeness</dt>
          <dd class={completeness.state}>
            <strong>{whole}</strong> {details.join(' ')}
            {completeness.receivedDateTime !== null &&
              ` Received ${formatTime(completeness.receivedDateTime, 'moment', shownZone)}.`}
          </dd>
        </div>
        {completeness.odd > 0 && (
          <div>
            <dt>Odd values</dt>
            <dd>{oddWords(completeness).join(' ')}</dd>
          </div>
        )}
        {completeness.quarantined.length > 0 && (
          <div>
            <dt>Set aside</dt>
            <dd>
              <ul class="pieces">
                {completeness.quarantined.map(({ id, unit, reason }) => (
                  <li key={id}>
                    {pieceWords(unit)}: {reason} <code>rollcall quarantine show {id}</code>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
