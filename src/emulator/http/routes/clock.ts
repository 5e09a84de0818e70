/** Shows and advances the clock. */
import { Fault } from '../../../contract/faults.ts';
import { durationMs } from '../../duration.ts';
import { type ControlAnswer, type ControlParts, type ControlRoute, withBody } from '../control-route.ts';

export const clockRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'clock',
    summary: 'Returns the time of the clock, and the timers that wait for it',
    status: 200,
    answer: (parts) => clockAnswer(parts),
  },
  withBody('clock', {
    method: 'POST',
    template: 'clock',
    summary: 'Advances the clock; answers when all due work is done',
    status: 200,
    async answer(parts, { body: { advance, to } }) {
      const { clock } = parts.emulator;
      const ms = advance === undefined ? Date.parse(to ?? '') - clock.now().getTime() : durationMs(advance);
      if (ms < 0) {
        const now = clock.now().toISOString();
        throw new Fault('badEmulatorRequest', `to: the clock is at ${now} and cannot go back.`);
      }
      await clock.advance(ms);
      return clockAnswer(parts);
    },
  }),
];

function clockAnswer({ emulator: { clock } }: ControlParts): ControlAnswer {
  const { count, nextMs = null } = clock.waiting();
  const now = clock.now().toISOString();
  return { status: 200, body: { now, running: clock.isRunning, waiting: { count, nextMs } } };
}
