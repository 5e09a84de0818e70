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
import { Fact } from '../parts/fact.tsx';
import { Notice } from '../parts/notice.tsx';

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
      {isMasked && <Notice>{messages.masked}</Notice>}
      <div class="facts">
        <dl>
          <Fact name={messages.number}>
            {number} <CopyButton text={number} what={messages.copiedNumber} />
          </Fact>
          {otherNames.length > 0 && <Fact name={messages.otherNames}>{otherNames.join(', ')}</Fact>}
          {lastSeenDateTime !== null && (
            <Fact name={messages.lastSeen}>{formatTime(lastSeenDateTime, 'moment', shownZone)}</Fact>
          )}
        </dl>
      </div>
    </>
  );
}
