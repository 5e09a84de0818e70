/** Shows the progress of loading a call's lists. */
import { countOf } from '../times.ts';
import type { RollState } from './use-roll.ts';

export function Reading({ roll: { reading, people, sessionCount } }: { readonly roll: RollState }) {
  if (reading === undefined) return null;
  return (
    <span class="quiet">
      {' '}
      <span class="spinner" aria-hidden="true" />{' '}
      {reading === 'participants'
        ? `reading participants, ${people.length.toLocaleString('en')} so far`
        : `reading sessions, ${countOf(sessionCount, 'session')} so far`}
    </span>
  );
}
