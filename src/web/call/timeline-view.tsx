/** Shows who was present when: the number over time, an overview, and each person. */
import { useMemo, useState } from 'preact/hooks';
import { countMessages, timelineMessages as messages } from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Rows } from '../parts/rows.tsx';
import { narrow, useMedia } from '../parts/use-media.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { Canvas } from '../parts/canvas.tsx';
import {
  joinedMs,
  leftMs,
  peakOf,
  percentOfSpan,
  type Presence,
  presenceSteps,
  spanOf,
  timeTicks,
} from './presence.ts';
import { drawPresence } from './draw-presence.ts';
import { ParticipantsOverview } from './participants-overview.tsx';
import type { RollPerson } from '../../analysis/roll.ts';
import type { RollState } from './use-roll.ts';

/** Below this number of people the rows need no overview. */
const manyPeople = 24;
const noPeople: readonly RollPerson[] = [];

export function TimelineView({ roll }: { readonly roll: RollState }) {
  const people = roll.value?.people ?? noPeople;
  const [shownZone] = useChoice(zone);
  const [shown, setShown] = useState<number>();
  const isNarrow = useMedia(narrow);
  const present = useMemo(
    () =>
      people
        .filter(({ spans }) => spans.length > 0)
        .toSorted((a, b) => (joinedMs(a) ?? 0) - (joinedMs(b) ?? 0) || a.index - b.index),
    [people],
  );
  const steps = useMemo(() => presenceSteps(present), [present]);
  const span = spanOf(present);
  if (roll.state === 'failed') return <Failed error={roll.error} retry={roll.reload} />;
  if (roll.value === undefined) return <Loading what={messages.loading} />;
  if (span === undefined) return <p class="state">{messages.noTimes}</p>;
  const peak = peakOf(steps);
  const unseen = people.length - present.length;
  const ticks = timeTicks(span, isNarrow ? 3 : 8);
  const hasSegments = present.some(({ segments }) => segments !== null);
  return (
    <div class="timeline">
      <p class="count" role="status">
        {peak !== undefined &&
          messages.peak(<b>{countMessages.people(peak.count)}</b>, formatTime(peak.at, 'second', shownZone))}
        {unseen > 0 && messages.unseen(unseen)}
      </p>
      <div class="glance">
        <span class="track-name">{messages.present}</span>
        <div class="track-line">
          <Canvas
            label={messages.presence(peak?.count ?? 0)}
            height={72}
            draw={(context, size) => drawPresence(context, size, { steps, span, peak: peak?.count ?? 1 })}
            drawnOf={steps}
          />
        </div>
        {present.length > manyPeople && (
          <>
            <span class="track-name">{messages.everyone}</span>
            <ParticipantsOverview people={present} span={span} picked={shown} pick={setShown} />
          </>
        )}
        <span />
        <Axis ticks={ticks} span={span} zone={shownZone} />
      </div>
      <Rows
        label={messages.title}
        class="tracks"
        count={present.length}
        rowHeight={isNarrow ? 48 : 30}
        shown={shown}
        head={
          <>
            <span role="columnheader">{messages.name}</span>
            <span role="columnheader">{hasSegments ? messages.spansWithSegments : messages.spans}</span>
          </>
        }
        row={(index) => (
          <Track
            person={present[index]!}
            span={span}
            ticks={ticks}
            zone={shownZone}
            isShown={index === shown}
          />
        )}
      />
      <p class="legend quiet">
        <span class="bar session" /> {messages.inCall}{' '}
        {hasSegments ? (
          <>
            <span class="bar segment" /> {messages.segment}
          </>
        ) : (
          messages.noSegments
        )}
      </p>
    </div>
  );
}

interface AxisProps {
  readonly ticks: readonly number[];
  readonly span: Presence;
  readonly zone: Zone;
}

function Axis({ ticks, span, zone: shownZone }: AxisProps) {
  const style = span.to - span.from < 600_000 ? 'second' : 'time';
  // Half of a label minus the margin: labels at the edges are moved inwards instead of cut off.
  const inset = style === 'second' ? 18 : 7;
  const leftOf = (at: number) =>
    `clamp(${inset}px, ${percentOfSpan(span, { from: at, to: at }).left}%, calc(100% - ${inset}px))`;
  return (
    <div class="axis" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: leftOf(at) }}>
          {formatTime(at, style, shownZone)}
        </span>
      ))}
    </div>
  );
}

interface TrackProps extends AxisProps {
  readonly person: RollPerson;
  readonly isShown: boolean;
}

function Track({ person, span, ticks, zone: shownZone, isShown }: TrackProps) {
  const { name, spans, segments, presentSeconds } = person;
  const [joined = 0, left = 0] = [joinedMs(person), leftMs(person)];
  const words = messages.presentFor(
    formatTime(joined, 'second', shownZone),
    formatTime(left, 'second', shownZone),
    formatLength((presentSeconds ?? 0) * 1000),
  );
  return (
    <>
      <span role="cell" class={isShown ? 'track-name shown' : 'track-name'} title={person.id}>
        {name}
      </span>
      <span role="cell" class="track-line" title={words}>
        <span class="sr">{words}</span>
        {ticks.map((at) => (
          <i key={at} class="grid" style={{ left: `${percentOfSpan(span, { from: at, to: at }).left}%` }} />
        ))}
        {spans.map(([from, to], i) => (
          <i key={`session ${i}`} class="bar session" style={barStyle(span, { from, to })} />
        ))}
        {segments?.map(([from, to], i) => (
          <i key={`segment ${i}`} class="bar segment" style={barStyle(span, { from, to })} />
        ))}
      </span>
    </>
  );
}

function barStyle(span: Presence, part: Presence) {
  const { left, width } = percentOfSpan(span, part);
  return { left: `${left}%`, width: `max(2px, ${width}%)` };
}
