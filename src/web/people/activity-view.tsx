/** Shows the activity of a person or a number below its head: sums, quality, people, phone calls and calls. */
import type { ComponentChildren } from 'preact';
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import { RequestRefused } from '../api.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { TextWithCode } from '../parts/text-with-code.tsx';
import { type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime, type Zone } from '../times.ts';
import { ActivityCalls } from './activity-calls.tsx';
import { chosenSpan, daysBefore } from './activity-span.ts';
import { ActivityTiles } from './activity-tiles.tsx';
import { Companions } from './companions.tsx';
import { PhoneActivityView } from './phone-activity-view.tsx';
import { QualityOverTime } from './quality-over-time.tsx';
import { SpanChoice } from './span-choice.tsx';
import type { ActivityAnswer, LoadedActivity } from './use-activity.ts';
import { Notice } from '../parts/notice.tsx';

interface ViewProps {
  readonly place: Place;
  readonly activity: LoadedActivity;
  readonly title: string;
  /** The title when nothing is stored. */
  readonly unknown: string;
  readonly lastSeen: string | null;
  /** Finds the rows of the phone logs. */
  readonly phoneQuery: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

export function ActivityView({ place, activity, title, unknown, lastSeen, phoneQuery, children }: ViewProps) {
  const { parts, error, isStale, retry } = activity;
  const first = parts[0]?.answer;
  const failure = first === undefined || isStale ? error : undefined;
  const refused = failure instanceof RequestRefused ? failure : undefined;
  const problems = refused?.problems ?? {};
  return (
    <>
      <h1>{title}</h1>
      {children}
      <SpanChoice place={place} problems={problems} />
      {refused?.status === 404 ? (
        <Empty title={unknown}>
          <p>{refused.message}</p>
          <p>
            <a href="/calls">{messages.findCalls}</a>
          </p>
        </Empty>
      ) : Object.keys(problems).length > 0 ? (
        <p class="notice" role="alert">
          {messages.correct}
        </p>
      ) : failure !== undefined ? (
        <Failed error={failure} retry={retry} />
      ) : first === undefined || !hasFacts(first) ? (
        <Loading what={messages.loading} />
      ) : (
        <Activity
          facts={first}
          activity={activity}
          newestLink={lastSeen === null ? undefined : newestHref(place, lastSeen)}
          phoneQuery={phoneQuery}
        />
      )}
    </>
  );
}

interface ActivityProps extends Pick<ViewProps, 'activity' | 'phoneQuery'> {
  readonly facts: ActivityFacts;
  /** The address of the days before the newest call. */
  readonly newestLink: ((zone: Zone) => string) | undefined;
}

function Activity({ facts, activity, newestLink, phoneQuery }: ActivityProps) {
  const [shownZone] = useChoice(zone);
  const { counted, summary, span, phone } = facts;
  return (
    <div aria-busy={activity.isStale} class={activity.isStale ? 'stale' : ''}>
      <Reach facts={facts} />
      {counted.calls === 0 && (
        <p class="quiet">
          {messages.noCalls}{' '}
          {newestLink !== undefined && <a href={newestLink(shownZone)}>{messages.showNewest}</a>}
        </p>
      )}
      <ActivityTiles facts={facts} />
      {counted.calls > 0 && (
        <>
          <QualityOverTime quality={summary.quality} span={span} />
          <Companions companions={summary.companions} />
        </>
      )}
      <PhoneActivityView phone={phone} query={phoneQuery} />
      {counted.calls > 0 && <ActivityCalls activity={activity} />}
    </div>
  );
}

function hasFacts(answer: ActivityAnswer): answer is ActivityAnswer & ActivityFacts {
  return answer.summary !== undefined;
}

function newestHref(place: Place, lastSeen: string): ((zone: Zone) => string) | undefined {
  if (chosenSpan(place.query) === 'all') return undefined;
  return (shownZone) => withQuery(place, { ...daysBefore(lastSeen, shownZone), days: undefined });
}

/** Says which calls are counted. */
function Reach({ facts: { span, counted, summary } }: { readonly facts: ActivityFacts }) {
  const [shownZone] = useChoice(zone);
  const shown = (dateTime: string) => formatTime(dateTime, 'moment', shownZone);
  return (
    <>
      <p class="quiet">{messages.spanOf(shown(span.fromDateTime), shown(span.toDateTime))}</p>
      {!counted.isAll && <Notice>{messages.countedFrom(counted.calls, shown(counted.fromDateTime))}</Notice>}
      {counted.damagedCalls > 0 && (
        <Notice>
          <TextWithCode text={messages.damaged(counted.damagedCalls)} />
        </Notice>
      )}
      {summary.likelyCalls > 0 && <Notice>{messages.likely(summary.likelyCalls)}</Notice>}
    </>
  );
}
