/** Shows a phone number: its calls in a span, with whom, missed and failed calls, minutes and cost. */
import type { NumberActivity } from '../../serve/internal/people/activity-page.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import type { Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { useTitle } from '../title.ts';
import { ActivityView } from './activity-view.tsx';
import { lastSegment, useActivity } from './use-activity.ts';

export function NumberPage({ place }: { readonly place: Place }) {
  const text = lastSegment(place, '/numbers/');
  const activity = useActivity<NumberActivity>(`/rollcall/numbers/${encodeURIComponent(text)}`, place);
  const found = activity.parts[0]?.answer.number;
  useTitle(found?.number ?? messages.numberTitle);
  return (
    <ActivityView
      place={place}
      activity={activity}
      title={found?.number ?? messages.numberTitle}
      unknown={messages.unknownNumber}
      lastSeen={found?.lastSeenDateTime ?? null}
      phoneQuery={{ number: text }}
    >
      {found !== undefined && <Head found={found} />}
    </ActivityView>
  );
}

function Head({ found }: { readonly found: NonNullable<NumberActivity['number']> }) {
  const [shownZone] = useChoice(zone);
  const { number, isMasked, otherNames, lastSeenDateTime } = found;
  return (
    <>
      {isMasked && (
        <p class="notice" role="note">
          {messages.masked}
        </p>
      )}
      <div class="facts">
        <dl>
          <div>
            <dt>{messages.number}</dt>
            <dd>
              {number} <CopyButton text={number} what={messages.copiedNumber} />
            </dd>
          </div>
          {otherNames.length > 0 && (
            <div>
              <dt>{messages.otherNames}</dt>
              <dd>{otherNames.join(', ')}</dd>
            </div>
          )}
          {lastSeenDateTime !== null && (
            <div>
              <dt>{messages.lastSeen}</dt>
              <dd>{formatTime(lastSeenDateTime, 'moment', shownZone)}</dd>
            </div>
          )}
        </dl>
      </div>
    </>
  );
}
