/** Loads the activity of a person or a number. */
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import type { ActivityCall } from '../../analysis/activity.ts';
import { type ApiPage, getJson } from '../api.ts';
import { type Loaded, useLoaded } from '../loaded.ts';
import type { Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { spanParameters } from './activity-span.ts';

/** The first page has every member, and later ones the calls. */
export interface ActivityPart extends ApiPage<ActivityCall>, Partial<ActivityFacts> {}

export type LoadedActivity<Answer extends ActivityPart = ActivityPart> = Loaded<Answer> & {
  readonly reload: () => void;
};

export function useActivity<Answer extends ActivityPart>(
  resource: string,
  place: Place,
): LoadedActivity<Answer> {
  const [shownZone] = useChoice(zone);
  const query = spanParameters(place.query, shownZone, Date.now());
  const path = query === '' ? resource : `${resource}?${query}`;
  return useLoaded(path, (signal) => getJson<Answer>(path, { signal }), { keeps: true });
}

/** Returns the last segment of the page's path, decoded. */
export function lastSegment({ path }: Place, before: string): string {
  return decodeURIComponent(path.slice(before.length));
}
