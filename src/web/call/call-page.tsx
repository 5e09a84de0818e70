/** Shows one call: its facts, participants, quality and stored versions. */
import { getJson, RequestRefused } from '../api.ts';
import { callHref, organizerName, typeName } from '../calls/found-call.ts';
import { useLoaded } from '../loaded.ts';
import { callMessages as messages } from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime } from '../times.ts';
import { useTitle } from '../title.ts';
import type { CallSummary } from './call-summary.ts';
import { DataView } from './data-view.tsx';
import { Facts } from './facts.tsx';
import { QualityView } from './quality-view.tsx';
import { RollView } from './roll-view.tsx';
import { TimelineView } from './timeline-view.tsx';
import { preferOf, type RollState, useRoll } from './use-roll.ts';
import { VersionsView } from './versions-view.tsx';

export function CallPage({ place }: { readonly place: Place }) {
  const id = decodeURIComponent(place.path.slice('/calls/'.length));
  const version = place.query.get('version') ?? undefined;
  const summary = useLoaded(
    `${id} ${version ?? 'newest'}`,
    (signal) =>
      getJson<CallSummary>(`/rollcall/calls/${encodeURIComponent(id)}/summary`, {
        signal,
        prefer: preferOf(version),
      }),
    { keeps: true },
  );
  // Requested together with the summary: most of the page is the roll.
  const roll = useRoll(id, version);
  useTitle(summary.value === undefined ? messages.title : messages.titleOf(organizerName(summary.value)));
  if (summary.value === undefined)
    return (
      <>
        <h1 class="sr">{messages.title}</h1>
        {version !== undefined && isMissing(summary) ? (
          <div class="state state-failed" role="alert">
            <h2>{messages.versionNotFound(version)}</h2>
            <p>
              <a href={callHref({ id })}>{messages.showNewest}</a>
            </p>
          </div>
        ) : summary.state === 'failed' ? (
          <Failed error={summary.error} retry={summary.reload} />
        ) : (
          <Loading what={messages.loading} />
        )}
      </>
    );
  return <Call call={summary.value} roll={roll} place={place} />;
}

function isMissing({ state, error }: { readonly state: string; readonly error?: Error }): boolean {
  return state === 'failed' && error instanceof RequestRefused && error.status === 404;
}

const views = [
  { name: 'roll', title: messages.view.roll },
  { name: 'timeline', title: messages.view.timeline },
  { name: 'media', title: messages.view.media },
  { name: 'versions', title: messages.view.versions },
  { name: 'data', title: messages.view.data },
] as const;

interface CallProps {
  readonly call: CallSummary;
  readonly roll: RollState;
  readonly place: Place;
}

function Call({ call, roll, place }: CallProps) {
  const [shownZone] = useChoice(zone);
  const version = place.query.get('version') ?? undefined;
  const asked = place.query.get('view');
  const selected = views.find(({ name }) => name === asked)?.name ?? 'roll';
  const tabs = views.map((view) => ({
    ...view,
    href: withQuery(place, { view: view.name === 'roll' ? undefined : view.name }),
  }));
  const day = call.startDateTime === null ? '' : formatTime(call.startDateTime, 'day', shownZone);
  return (
    <article class="call">
      <h1>
        {messages.heading(typeName(call.type), <bdi>{organizerName(call)}</bdi>)}{' '}
        <span class="quiet">{day}</span>
      </h1>
      <Facts call={call} roll={roll} />
      {version !== undefined && (
        <p class="notice" role="status">
          {messages.earlierVersion(version)} <a href={callHref(call)}>{messages.showNewest}</a>
        </p>
      )}
      <Tabs label={messages.views} tabs={tabs} selected={selected}>
        {selected === 'roll' && <RollView roll={roll} place={place} />}
        {selected === 'timeline' && <TimelineView roll={roll} />}
        {selected === 'media' && (
          <QualityView callId={call.id} version={version} people={roll.value?.people ?? []} place={place} />
        )}
        {selected === 'versions' && (
          <VersionsView callId={call.id} people={roll.value?.people ?? []} place={place} />
        )}
        {selected === 'data' && <DataView callId={call.id} version={version} />}
      </Tabs>
    </article>
  );
}
