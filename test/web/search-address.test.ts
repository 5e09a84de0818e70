/** A search in the page's address, and as the server is asked. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callSorts } from '../../src/store/sorted-calls.ts';
import { parameterProblems } from '../../src/web/parameters.ts';
import {
  type Search,
  searchAddress,
  searchFields,
  searchOf,
  searchPath,
  searchProblems,
} from '../../src/web/calls/search.ts';
import { callOrders } from '../../src/web/calls/call-sorts.ts';
import { callParameters } from '../../src/web/call/call-parameters.ts';
import { statisticsParameters } from '../../src/web/statistics/statistics-parameters.ts';

/** What docs/page.md says, its lines and columns aside. */
const documented = readFileSync(new URL('../../docs/page.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
const now = Date.parse('2026-03-02T23:30:00Z');
const wrongIn = (query: string) => Object.keys(searchProblems(new URLSearchParams(query))).toSorted();

it('has each field of a search in the documentation', () => {
  expect(searchFields.filter((field) => !documented.includes(`\`${field}\``))).toEqual([]);
});

describe('a search', () => {
  it('asks for whole days of the zone, and for lengths in seconds', () => {
    const search = { q: 'a&b', from: '2026-03-01', to: '2026-03-02', minMinutes: '1.5', maxMinutes: '60' };
    expect(decodeURIComponent(searchPath(search, 'UTC', now))).toBe(
      '/rollcall/calls?q=a&b&from=2026-03-01T00:00:00.000Z&to=2026-03-03T00:00:00.000Z&minSeconds=90&maxSeconds=3600',
    );
    expect(
      decodeURIComponent(searchPath({ from: '2026-03-29', to: '2026-03-29' }, 'Europe/Berlin', now)),
    ).toBe('/rollcall/calls?from=2026-03-28T23:00:00.000Z&to=2026-03-29T22:00:00.000Z');
    expect(searchPath({}, 'UTC', now)).toBe('/rollcall/calls');
  });

  it('asks for the days that a range means today, in the zone', () => {
    const days = (zone: string) =>
      decodeURIComponent(searchPath({ range: 'today' }, zone, now).split('?')[1]!);
    expect(days('UTC')).toBe('from=2026-03-02T00:00:00.000Z&to=2026-03-03T00:00:00.000Z');
    expect(days('Europe/Berlin')).toBe('from=2026-03-02T23:00:00.000Z&to=2026-03-03T23:00:00.000Z');
  });

  it('has an address that gives the same search, and with days their zone', () => {
    const field = fc.record(
      Object.fromEntries(searchFields.map((name) => [name, fc.string().map((text) => `x${text}y`)])),
      { requiredKeys: [] },
    );
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires');
    fc.assert(
      fc.property(field, zones, (search: Search, zone) => {
        const { searchParams, pathname } = new URL(searchAddress(search, zone), 'http://page');
        expect([pathname, searchOf(searchParams)]).toEqual(['/calls', { ...search }]);
        const hasDays = (search.range ?? search.from ?? search.to) !== undefined;
        expect(searchParams.get('tz')).toBe(hasDays ? zone : null);
      }),
    );
  });

  it('names each wrong value in a link by its field', () => {
    const wrong = {
      'state=xyz': 'state',
      'reason=xyz': 'reason',
      'type=xyz': 'type',
      'modality=xyz': 'modality',
      'range=next-week': 'range',
      'range=today&from=2026-03-01': 'range',
      'from=2026-13-40': 'from',
      'to=yesterday': 'to',
      'from=2026-03-02&to=2026-03-01': 'to',
      'minMinutes=-1': 'minMinutes',
      'maxMinutes=0x10': 'maxMinutes',
      'minMinutes=1e3': 'minMinutes',
      'minMinutes=10&maxMinutes=9': 'maxMinutes',
      'sort=xyz': 'sort',
      'nonsense=1': 'nonsense',
      'q=a&q=b': 'q',
      'from=2026-03-01&tz=Mars/Olympus': 'tz',
      'Q=anna': 'Q',
    };
    for (const [query, field] of Object.entries(wrong))
      expect([query, wrongIn(query)]).toEqual([query, [field]]);
    const right = [
      '',
      'q=',
      'q=%20',
      'from=2024-02-29&to=2024-02-29&tz=asia/kolkata',
      'minMinutes=0&maxMinutes=0.5',
    ];
    expect(right.flatMap(wrongIn)).toEqual([]);
  });

  it('has the orders that the server knows', () => {
    expect([...callOrders].toSorted()).toEqual([...callSorts].toSorted());
  });

  it('is asked only with times and lengths that have a meaning', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (from, range, minMinutes) => {
        const query = new URLSearchParams({ from, range, minMinutes });
        if (Object.keys(searchProblems(query)).length > 0) return;
        expect(searchPath(searchOf(query), 'UTC', now)).toMatch(
          /^\/rollcall\/calls(\?(from=[^&]+Z)?&?(minSeconds=\d+)?)?$/,
        );
      }),
    );
  });
});

describe('a link to another view', () => {
  it('has an error for each parameter that the view does not read', () => {
    const wrong = (query: string, parameters: typeof callParameters) =>
      Object.keys(parameterProblems(new URLSearchParams(query), parameters));
    expect(wrong('view=timeline&version=12&tz=UTC', callParameters)).toEqual([]);
    expect(wrong('view=xyz&version=-1', callParameters)).toEqual(['view', 'version']);
    expect(wrong('version=', callParameters)).toEqual(['version']);
    expect(wrong('view=roll&view=media', callParameters)).toEqual(['view']);
    expect(wrong('days=90', statisticsParameters)).toEqual([]);
    expect(wrong('days=7', statisticsParameters)).toEqual(['days']);
    expect(wrong('days=90&from=x', statisticsParameters)).toEqual(['from']);
    expect(wrong('x=1', {})).toEqual(['x']);
  });
});
