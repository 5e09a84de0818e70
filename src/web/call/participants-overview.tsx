/** Draws all participants, a line for each, with one selected by pointer or keys. */
import { nextIndex } from '../keyboard.ts';
import { timelineMessages } from '../messages/en.ts';
import { Canvas } from '../parts/canvas.tsx';
import { drawOverview } from './draw-presence.ts';
import type { RollPerson } from '../../analysis/roll.ts';
import type { Presence } from './presence.ts';

const tallestPx = 320;
/** The fraction of all people that Page Up and Page Down skip. */
const pageShare = 1 / 20;

interface ParticipantsOverviewProps {
  /** In drawing order. */
  readonly people: readonly RollPerson[];
  readonly span: Presence;
  readonly picked: number | undefined;
  readonly pick: (index: number) => void;
}

export function ParticipantsOverview({ people, span, picked, pick }: ParticipantsOverviewProps) {
  const height = Math.min(tallestPx, Math.max(80, people.length * 3));
  const last = people.length - 1;
  const label = timelineMessages.overview(people.length);
  return (
    <div
      class="track-line pickable"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      // A slider always has a value: 0 selects no person, 1 the first.
      aria-valuemin={picked === undefined ? 0 : 1}
      aria-valuemax={people.length}
      aria-valuenow={picked === undefined ? 0 : picked + 1}
      aria-valuetext={picked === undefined ? timelineMessages.noneSelected : people[picked]?.name}
      onClick={({ offsetY }) => pick(Math.min(Math.floor((offsetY / height) * people.length), last))}
      onKeyDown={(event) => {
        const next = nextLine(event.key, picked ?? -1, people.length);
        if (next === undefined) return;
        event.preventDefault();
        pick(next);
      }}
    >
      <Canvas
        label={label}
        height={height}
        draw={(context, size) => drawOverview(context, size, { people, span })}
        drawnOf={people}
      />
    </div>
  );
}

function nextLine(key: string, at: number, count: number): number | undefined {
  const page = Math.ceil(count * pageShare);
  if (key === 'PageDown') return Math.min(at + page, count - 1);
  if (key === 'PageUp') return Math.max(at - page, 0);
  return nextIndex(key, at, count);
}
