/** Where the clock stands, and how it is moved. */
import { Fault } from '../../../contract/faults.ts';
import { durationMs } from '../../duration.ts';
import { type ControlAnswer, type ControlParts, type ControlRoute, withBody } from '../control-route.ts';

export const clockRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    template: 'clock',
    summary: 'Where the clock stands, and who waits for it',
    status: 200,
    answer: (parts) => clockAnswer(parts),
  },
  withBody('clock', {
    method: 'POST',
    template: 'clock',
    summary: 'Moves the clock on; answers when all that was due on the way is done',
    status: 200,
    async answer(parts, { body: { advance, to } }) {
      const { clock } = parts.emulator;
      const ms = advance === undefined ? Date.parse(to ?? '') - clock.now().getTime() : durationMs(advance);
      if (ms < 0) {
        const now = clock.now().toISOString();
        throw new Fault('badEmulatorRequest', `to: the clock stands at ${now} and is moved on, not back.`);
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
