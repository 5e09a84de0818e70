/**
 * Measures how long the page takes on a store of a given size, in Chromium with an empty cache: from the navigation
 * until the data is painted.
 */
import { closeChromium } from '../test/support/chromium.ts';
import { visitor } from '../test/support/page-server.ts';
import { cli, devOf } from './issuer.ts';
import { startServer } from './processes.ts';
import { searchStore } from './search-bench.ts';
import { commonName, searchCall, searchPerson } from './search-data.ts';

interface View {
  readonly name: string;
  readonly path: string;
  /** The element that appears with the server's response. */
  readonly shows: string;
}

function viewsOf(calls: number): readonly View[] {
  const found = '.calls .row';
  const { id } = searchCall(calls - 4, calls);
  return [
    { name: 'the newest calls', path: '/', shows: found },
    { name: 'a given name of 8 of 100 people', path: `/calls?person=${commonName}`, shows: found },
    {
      name: 'a person by full name',
      path: `/calls?${new URLSearchParams({ person: searchPerson(7).name }).toString()}`,
      shows: found,
    },
    { name: 'the roll of a call', path: `/calls/${encodeURIComponent(id)}`, shows: '.roll [data-row]' },
    { name: 'statistics of the year', path: '/statistics?days=all', shows: '.uplot canvas' },
    { name: 'status', path: '/status', shows: '.tiles dd' },
  ];
}

export async function benchPage(
  data: string,
  { calls, visits }: { readonly calls: number; readonly visits: number },
  note: (text: string) => void,
): Promise<void> {
  const path = await searchStore(data, calls, note);
  const args = devOf(`sqlite:${path}`);
  note(`| ${calls} calls | first visit, ms | p50 | slowest of ${visits} |`);
  note('| --- | --- | --- | --- |');
  for (const view of viewsOf(calls)) {
    // A separate server, so that the first visit reaches one without cached responses.
    const server = await startServer('0', cli, args);
    const url = `http://127.0.0.1:${server.port}`;
    const times: number[] = [];
    try {
      for (let i = 0; i < visits; i++) times.push(await paintedAfter(url, view));
    } finally {
      await server.stop();
    }
    const sorted = times.toSorted((a, b) => a - b);
    const [first, middle, slowest] = [times[0]!, sorted[visits >> 1]!, sorted.at(-1)!].map(Math.round);
    note(`| ${view.name} | ${first} | ${middle} | ${slowest} |`);
  }
  await closeChromium();
}

/** Returns milliseconds by the page's clock, which starts at the navigation. */
async function paintedAfter(url: string, { path, shows }: View): Promise<number> {
  await using visit = await visitor({ url }, { isOwn: true });
  const { page, troubles } = visit;
  const { promise, resolve } = Promise.withResolvers<number>();
  await page.exposeFunction('painted', resolve);
  // What exists in one frame is painted before the next one starts.
  await page.addInitScript(`{
    const look = () => document.querySelector(${JSON.stringify(shows)}) === null
      ? requestAnimationFrame(look)
      : requestAnimationFrame(() => window.painted(performance.now()));
    requestAnimationFrame(look);
  }`);
  await page.goto(path);
  await page.locator(shows).first().waitFor();
  if (troubles.length > 0) throw new Error(`${path}: ${troubles.join('; ')}`);
  return await promise;
}
