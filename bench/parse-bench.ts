/** Measures how many requests' query options are parsed per second: a filter with a lambda, and a nested expansion. */
import { parseExpand } from '../src/query/odata/select-expand.ts';
import { parseFilter } from '../src/query/odata/expression.ts';

/** Different texts in rotation, so that no cache of the last one helps. */
const queries = Array.from({ length: 64 }, (_, i) => ({
  filter: `participants_v2/any(p:p/id eq '821809f5-0000-0000-0000-3136c0e777${i + 10}') and startDateTime ge 2026-10-${(i % 28) + 1 < 10 ? '0' : ''}${(i % 28) + 1}T09:25:00Z and startDateTime lt 2026-11-01T00:00:00.000Z`,
  expand: `sessions($select=id,modalities,caller${i % 2 === 0 ? ',callee' : ''};$expand=segments($select=id,media))`,
}));

export interface ParseBench {
  readonly filtersPerSecond: number;
  readonly expandsPerSecond: number;
  /** Both options of one request. */
  readonly requestsPerSecond: number;
}

/** Measures the parsers. @param seconds For each of the three, in five rounds of which the median counts. */
export function benchParse(seconds: number): ParseBench {
  const perSecond = (parse: (query: (typeof queries)[number]) => unknown) => {
    const rounds = Array.from({ length: 6 }, () => round(parse, (seconds * 1000) / 5)).slice(1); // one to warm up
    return rounds.sort((a, b) => a - b)[2]!;
  };
  return {
    filtersPerSecond: perSecond(({ filter }) => parseFilter(filter)),
    expandsPerSecond: perSecond(({ expand }) => parseExpand(expand)),
    requestsPerSecond: perSecond(({ filter, expand }) => [parseFilter(filter), parseExpand(expand)]),
  };
}

function round(parse: (query: (typeof queries)[number]) => unknown, ms: number): number {
  const begun = performance.now();
  let parsed = 0;
  while (performance.now() - begun < ms) {
    for (const query of queries) parse(query);
    parsed += queries.length;
  }
  return (parsed / (performance.now() - begun)) * 1000;
}
