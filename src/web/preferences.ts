/** Stores a reader's preferences in the browser. */
import { useEffect, useState } from 'preact/hooks';
import { go, onPlace, withQuery } from './place.ts';
import { storedZone, storeZone, zoneOfQuery, zoneParameter } from './zone-choice.ts';
import type { Zone } from './times.ts';
import { zoneName } from './zones.ts';

interface Choice<T extends string> {
  readonly get: () => T;
  readonly set: (value: T) => void;
  readonly listeners: Set<() => void>;
}

/** Defines a preference. @param values The first is the default. */
function choice<const T extends string>(name: string, values: readonly [T, ...T[]]): Choice<T> {
  const key = `rollcall-${name}`;
  const listeners = new Set<() => void>();
  return {
    listeners,
    get: () => values.find((value) => value === localStorage.getItem(key)) ?? values[0],
    set(value) {
      localStorage.setItem(key, value);
      for (const listener of listeners) listener();
    },
  };
}

type Theme = 'system' | 'light' | 'dark';
export const theme: Choice<Theme> = choice('theme', ['system', 'light', 'dark']);

/** The zone of all shown times and days: that of the link, else the reader's. */
export const zone: Choice<Zone> = {
  listeners: new Set(),
  get: () => zoneOfQuery(new URLSearchParams(location.search)) ?? storedZone(),
  set(value) {
    storeZone(value);
    const query = new URLSearchParams(location.search);
    if (query.has(zoneParameter)) {
      const name = zoneName(value);
      const changes = { [zoneParameter]: name === 'local' ? undefined : name };
      go(withQuery({ path: location.pathname, query }, changes), { replaces: true });
    }
    for (const listener of zone.listeners) listener();
  },
};
onPlace(() => {
  for (const listener of zone.listeners) listener();
});

export function useChoice<T extends string>({ get, set, listeners }: Choice<T>): [T, (value: T) => void] {
  const [value, setValue] = useState(get);
  useEffect(() => {
    const update = () => setValue(get);
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return [value, set];
}

/** Applies the selected theme, or the system's when none is selected. */
export function applyTheme(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}
