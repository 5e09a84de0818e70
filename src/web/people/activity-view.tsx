/** Shows the activity of a person or a number below its head: sums, quality, people, phone calls and calls. */
import type { ComponentChildren } from 'preact';
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import { RequestRefused } from '../api.ts';
import { peopleMessages as messages } from '../messages/en.ts';
import { Choices } from '../parts/choices.tsx';
import { Empty, Failed, Loading } from '../parts/states.tsx';
import { TextWithCode } from '../parts/text-with-code.tsx';
import { go, type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { ActivityCalls } from './activity-calls.tsx';
import { daysBefore, type SpanName, spanNames, chosenSpan } from './activity-span.ts';
import { ActivityTiles } from './activity-tiles.tsx';
import { Companions } from './companions.tsx';
import { PhoneActivityView } from './phone-activity-view.tsx';
import { QualityOverTime } from './quality-over-time.tsx';
import type { ActivityPart, LoadedActivity } from './use-activity.ts';

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
  const { value } = activity;
  const isUnknown = activity.state === 'failed' && isNotFound(activity.error);
  return (
    <>
      <h1>{title}</h1>
      {children}
      <SpanChoice place={place} />
      {activity.state === 'failed' &&
        (isUnknown ? (
          <Empty title={unknown}>
            <p>{activity.error.message}</p>
            <p>
              <a href="/calls">{messages.findCalls}</a>
            </p>
          </Empty>
        ) : (
          <Failed error={activity.error} retry={activity.reload} />
        ))}
      {activity.state === 'loading' && value === undefined && <Loading what={messages.loading} />}
      {value !== undefined && hasFacts(value) && (
        <div aria-busy={activity.state === 'loading'} class={activity.state === 'loading' ? 'stale' : ''}>
          <Reach facts={value} />
          {value.counted.calls === 0 && (
            <p class="quiet">
              {messages.noCalls}{' '}
              {lastSeen !== null && chosenSpan(place.query) !== 'all' && (
                <a href={withQuery(place, { ...daysBefore(lastSeen), days: undefined })}>
                  {messages.showNewest}
                </a>
              )}
            </p>
          )}
          <ActivityTiles facts={value} />
          {value.counted.calls > 0 && (
            <>
              <QualityOverTime quality={value.summary.quality} span={value.span} />
              <Companions companions={value.summary.companions} />
            </>
          )}
          <PhoneActivityView phone={value.phone} query={phoneQuery} />
          {value.counted.calls > 0 && <ActivityCalls key={value.span.fromDateTime} first={value} />}
        </div>
      )}
    </>
  );
}

function isNotFound(error: Error): boolean {
  return error instanceof RequestRefused && error.status === 404;
}

function hasFacts(part: ActivityPart): part is ActivityPart & ActivityFacts {
  return part.summary !== undefined;
}

function SpanChoice({ place }: { readonly place: Place }) {
  const chosen = chosenSpan(place.query);
  const choices: readonly { readonly name: SpanName | 'chosen'; readonly title: string }[] = [
    ...spanNames.map((name) => ({ name, title: messages.spans[name] })),
    ...(chosen === 'chosen' ? [{ name: chosen, title: messages.chosenDays }] : []),
  ];
  return (
    <Choices
      label={messages.span}
      choices={choices}
      chosen={chosen}
      choose={(name) => {
        if (name === 'chosen') return;
        const days = name === '30' ? undefined : name;
        go(withQuery(place, { days, from: undefined, to: undefined }), { replaces: true });
      }}
    />
  );
}

/** Says which calls are counted. */
function Reach({ facts: { span, counted, summary } }: { readonly facts: ActivityFacts }) {
  const [shownZone] = useChoice(zone);
  const shown = (dateTime: string) => formatTime(dateTime, 'moment', shownZone);
  return (
    <>
      <p class="quiet">{messages.spanOf(shown(span.fromDateTime), shown(span.toDateTime))}</p>
      {!counted.isAll && (
        <p class="notice" role="note">
          {messages.countedFrom(counted.calls, shown(counted.fromDateTime))}
        </p>
      )}
      {counted.damagedCalls > 0 && (
        <p class="notice" role="note">
          <TextWithCode text={messages.damaged(counted.damagedCalls)} />
        </p>
      )}
      {summary.likelyCalls > 0 && (
        <p class="notice" role="note">
          {messages.likely(summary.likelyCalls)}
        </p>
      )}
    </>
  );
}
