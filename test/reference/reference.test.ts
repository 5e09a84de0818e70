import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { areas, nameOf } from '../contract/compatibility/matrix.ts';
import { formatMatrix } from '../contract/compatibility/page.ts';
import { pageNames, pageText, pathOf } from './pages.ts';

it.each(pageNames)('docs/%s is what the code says: npm run docs writes it', async (name) => {
  expect(readFileSync(pathOf(name), 'utf8')).toBe(await pageText(name));
});

it('has no evidence in the matrix that says nothing: what is unknown is left out', () => {
  const texts = areas
    .flatMap(({ rows }) => rows)
    .flatMap(({ documented, observed, related, departs }) =>
      [documented, related, departs, observed?.saw, observed?.source].filter((text) => text !== undefined),
    );
  expect(texts.filter((text) => /^\s*([-–]|$)/.test(text))).toEqual([]);
});

it('dates each observation, in the past, as year, month or day', () => {
  const dates = areas.flatMap(({ rows }) => rows).flatMap(({ observed }) => observed?.date ?? []);
  expect(dates.filter((date) => !/^20\d\d(-\d\d){0,2}$/.test(date) || new Date(date) > new Date())).toEqual(
    [],
  );
});

it('departs from evidence only where there is some', () => {
  const departing = areas.flatMap(({ rows }) => rows).filter(({ departs }) => departs !== undefined);
  expect(
    departing.filter(({ documented, observed }) => documented === undefined && observed === undefined),
  ).toEqual([]);
});

it('has an item with a mark for each row of the matrix', () => {
  const items = formatMatrix()
    .split(/^\d+\. /m)
    .slice(1)
    .map((item) => item.replaceAll(/\s+/g, ' '));
  expect(items.filter((item) => !/\*\*(Observed|Documented|Ours)\*\*/.test(item))).toEqual([]);
  const shown = items.join(' ');
  const rows = areas.flatMap((area) => area.rows);
  expect(rows.filter((row) => !shown.includes(nameOf(row).replaceAll(/\s+/g, ' ')))).toEqual([]);
});
