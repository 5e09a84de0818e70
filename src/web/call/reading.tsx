/** Shows the progress of loading a call's lists. */
import { callMessages } from '../messages/en.ts';
import type { RollState } from './use-roll.ts';

export function Reading({ roll: { reading, people, sessionCount } }: { readonly roll: RollState }) {
  if (reading === undefined) return null;
  return (
    <span class="quiet">
      {' '}
      <span class="spinner" aria-hidden="true" />{' '}
      {reading === 'participants'
        ? callMessages.readingParticipants(people.length)
        : callMessages.readingSessions(sessionCount)}
    </span>
  );
}
