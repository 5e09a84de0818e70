/** Defines the measured cases: each is a request, hot or spread over the store, with goals. */
import { callIds, listedUsers, type Sizes, userId } from './data.ts';

export interface Case {
  readonly name: string;
  /** A few targets that fit in any cache, and all targets. */
  readonly targets: { readonly hot: readonly string[]; readonly spread?: readonly string[] };
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly goals: { readonly hot: number; readonly spread: number };
}

const calls = '/v1.0/communications/callRecords';

/** Returns the cases for pages of participants_v2, in a store of small calls and full pages. */
export function rollCases({ small, pages }: Sizes): readonly Case[] {
  const roll = (total: number, id: (i: number) => string, query = '') => {
    const target = (i: number) => `${calls}/${id(i)}/participants_v2${query}`;
    return { hot: [...Array(8).keys()].map(target), spread: shuffled(total).map(target) };
  };
  const page = (query?: string) => roll(pages, callIds.page, query);
  const omit = { Prefer: 'omit-values=nulls' };
  const gzip = { 'Accept-Encoding': 'gzip' };
  return [
    {
      name: 'two participants',
      targets: roll(small, callIds.small),
      headers: {},
      goals: { hot: 0.7, spread: 0.4 },
    },
    { name: 'page of 130', targets: page(), headers: {}, goals: { hot: 0.8, spread: 0.4 } },
    { name: 'page of 130, gzip', targets: page(), headers: gzip, goals: { hot: 1.2, spread: 0.6 } },
    { name: '$select=id', targets: page('?$select=id'), headers: {}, goals: { hot: 0.7, spread: 0.35 } },
    { name: 'omit-values=nulls', targets: page(), headers: omit, goals: { hot: 0.7, spread: 0.35 } },
  ];
}

/** Returns the cases for the rest of the read API, in a store of calls with two participants. */
export function readCases(listed: number): readonly Case[] {
  const goals = { hot: 0.6, spread: 0.6 };
  const name = (text: string) => `${text} (${listed.toLocaleString('en')} calls)`;
  const some = [...Array(8).keys()];
  const from = (i: number) => {
    const start = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    return `${calls}?$filter=startDateTime%20ge%20${start}`;
  };
  const of = (user: number) =>
    `${calls}?$filter=${encodeURIComponent(`participants_v2/any(p:p/id eq '${userId(user)}')`)}`;
  const batch = JSON.stringify({
    requests: Array.from({ length: 20 }, (_, i) => ({
      id: String(i),
      method: 'GET',
      url: `/communications/callRecords/${callIds.small(i * 37)}/participants_v2`,
    })),
  });
  const expand = `${calls}/${callIds.meeting}?$expand=sessions($expand=segments)`;
  const starts = shuffled(listed - 60);
  return [
    {
      name: name('list of 60'),
      targets: { hot: some.map(from), spread: starts.map(from) },
      headers: {},
      goals,
    },
    {
      name: name('list of 60 by participant'),
      targets: { hot: some.map(of), spread: shuffled(listedUsers(listed)).map(of) },
      headers: {},
      goals,
    },
    { name: name('get with sessions and segments'), targets: { hot: [expand] }, headers: {}, goals },
    {
      name: name('$batch of 20'),
      targets: { hot: ['/v1.0/$batch'] },
      headers: {},
      body: batch,
      goals: { hot: 0.4, spread: 0.4 },
    },
  ];
}

/** Returns all numbers below `total` in a deterministic pseudo-random order. */
function shuffled(total: number): number[] {
  return Array.from({ length: total }, (_, i) => (i * 7919) % total);
}
