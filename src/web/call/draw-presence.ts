/** Draws who was present when, in the canvas element's text color. */
import type { Size } from '../parts/canvas.tsx';
import type { RollPerson } from '../../analysis/roll.ts';
import type { Presence, Step } from './presence.ts';

interface Curve {
  readonly steps: readonly Step[];
  readonly span: Presence;
  readonly peak: number;
}

export function drawPresence(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  { steps, span, peak }: Curve,
): void {
  const x = (at: number) => ((at - span.from) / (span.to - span.from)) * width;
  const y = (count: number) => height - (count / peak) * (height - 2);
  context.beginPath();
  context.moveTo(0, height);
  let before = 0;
  for (const { at, count } of steps) {
    context.lineTo(x(at), y(before));
    context.lineTo(x(at), y(count));
    before = count;
  }
  context.lineTo(width, height);
  context.closePath();
  context.globalAlpha = 0.35;
  context.fill();
  context.globalAlpha = 1;
  context.stroke();
}

interface PresenceOverview {
  readonly people: readonly RollPerson[];
  readonly span: Presence;
}

/** Draws a line per person; with more people than pixels, the lines are thinner than a pixel and shade it together. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  { people, span }: PresenceOverview,
): void {
  const rowHeight = height / people.length;
  const scale = width / (span.to - span.from);
  people.forEach(({ spans }, index) => {
    for (const [from, to] of spans)
      context.fillRect(
        (from - span.from) * scale,
        index * rowHeight,
        Math.max((to - from) * scale, 0.5),
        Math.min(rowHeight, rowHeight > 2 ? rowHeight - 1 : rowHeight),
      );
  });
}
