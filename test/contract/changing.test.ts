/** Walks while the store changes: calls arrive and newer versions take the place of older ones at the same time as pages are read. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aParticipant, aRecord } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

type Json = Record<string, unknown>;
interface Page {
  readonly '@odata.nextLink'?: string;
  readonly value: (Json & { id: string })[];
}

const base = '/v1.0/communications/callRecords';
let server: TestServer;
let tenants = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  expect(server.defects).toEqual([]);
  await server.stop();
});

const start = (minute: number) => `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`;
const attended = (id: string, minute: number, more: object = {}) =>
  aRecord(id, { startDateTime: start(minute), participants_v2: [aParticipant('p')], ...more });

/** What happens while a page is read: a call arrives, or a newer version of a known one with another start. */
const change = fc.record({ known: fc.option(fc.nat(), { nil: undefined }), minute: fc.nat(5) });
const filters = [
  '',
  `$filter=${encodeURIComponent("participants_v2/any(p:p/id eq 'p')")}&`,
  '$filter=startDateTime%20ge%202026-03-02T10:01:00Z&',
];

it('never miss or repeat a call of the list as it was at the first page', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 25 }),
      fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 25 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(...filters),
      fc.constantFrom('', '$select=id'),
      async (minutes, changes, size, filter, select) => {
        const tenantId = `44444444-4444-4444-8444-${String(tenants++).padStart(12, '0')}`;
        await server.import(
          minutes.map((minute, i) => attended(`call-${i}`, minute)),
          tenantId,
        );
        const authorization = `Bearer ${await server.token({ tenantId })}`;
        const get = async (url: string, prefer: string) =>
          (await (await fetch(url, { headers: { authorization, prefer } })).json()) as Page;
        const first = `${server.url}${base}?${filter}${select}`;
        const expected = (await get(first, 'maxpagesize=60')).value.map(({ id }) => id);
        const seen: string[] = [];
        let arrived = 0;
        let next: string | undefined = first;
        for (let i = 0; next !== undefined; i++) {
          const page: Page = await get(next, `maxpagesize=${size}`);
          seen.push(...page.value.map(({ id }) => id));
          next = page['@odata.nextLink'];
          const records = (changes[i] ?? []).map(({ known, minute }) =>
            known === undefined
              ? attended(`new-${arrived++}`, minute)
              : attended(`call-${known % minutes.length}`, minute, { version: 2 + i }),
          );
          // The import runs beside the next page, not before it.
          if (next !== undefined && records.length > 0) {
            const running = server.import(records, tenantId);
            const beside: Page = await get(next, `maxpagesize=${size}`);
            await running;
            expect((await get(next, `maxpagesize=${size}`)).value).toEqual(beside.value);
          }
        }
        expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

it('go on from an expansion in the size, selection and version it began with', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', '$select=id,caller'),
      fc.boolean(),
      async (count, size, select, withSegments) => {
        const id = `nested-${tenants++}`;
        const times = { startDateTime: start(0), endDateTime: start(5) };
        const session = (version: number) => (_: unknown, i: number) => ({
          id: `session-${i}`,
          modalities: ['audio'],
          ...times,
          caller: null,
          segments: [{ id: `${version}-${i}`, ...times, media: [] }],
        });
        const received = (version: number) =>
          aRecord(id, { version, sessions: Array.from({ length: count }, session(version)) });
        await server.import([received(1)]);
        const options = [select, withSegments ? '$expand=segments' : '']
          .filter((one) => one !== '')
          .join(';');
        const expand = options === '' ? 'sessions' : `sessions(${options})`;
        const response = await server.get(`${base}/${id}?$expand=${expand}`, {
          prefer: `maxpagesize=${size}`,
        });
        const call = (await response.json()) as Json & { sessions: Json[] };
        const seen = [...call.sessions];
        let next = call['sessions@odata.nextLink'] as string | undefined;
        await server.import([received(2)]);
        while (next !== undefined) {
          const page = (await (await server.get(next.slice(server.url.length))).json()) as Page;
          expect(page.value.length).toBeLessThanOrEqual(size);
          seen.push(...page.value);
          next = page['@odata.nextLink'];
        }
        const expected = Array.from({ length: count }, session(1)).map(
          ({ id: key, caller, segments, ...others }) => ({
            id: key,
            ...(select === '' && others),
            caller,
            ...(withSegments && { segments }),
          }),
        );
        expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);
