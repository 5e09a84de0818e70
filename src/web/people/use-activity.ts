/** Loads the activity of a person or a number, and further pages of its calls. */
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import type { ActivityCall } from '../../analysis/activity.ts';
import { type ApiPage, getJson, nextPath } from '../api.ts';
import type { Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { type LoadedList, useList } from '../use-list.ts';
import { spanParameters } from './activity-span.ts';

/** An answer: the first has every member, and later ones the calls. */
export interface ActivityAnswer extends ApiPage<ActivityCall>, Partial<ActivityFacts> {}

interface ActivityPart<Answer> {
  readonly answer: Answer;
  readonly next: string | undefined;
}

export type LoadedActivity<Answer extends ActivityAnswer = ActivityAnswer> = LoadedList<ActivityPart<Answer>>;

export function useActivity<Answer extends ActivityAnswer>(
  resource: string,
  { query, entry }: Place,
): LoadedActivity<Answer> {
  const [shownZone] = useChoice(zone);
  const parameters = spanParameters(query, shownZone, Date.now());
  const path = parameters === '' ? resource : `${resource}?${parameters}`;
  return useList(path, entry, async (from, signal) => {
    const answer = await getJson<Answer>(from, { signal });
    return { answer, next: nextPath(answer) };
  });
}

/** Returns the last segment of the page's path, decoded. */
export function lastSegment({ path }: Place, before: string): string {
  return decodeURIComponent(path.slice(before.length));
}
