/** Tests that the audit of dependencies fails on advisories that are not allowed, and never reports success without a check. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allowances, audited } from '../../build/audit-report.ts';

const id = 'GHSA-aaaa-bbbb-cccc';
const report = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    inner: {
      name: 'inner',
      via: [
        {
          ...{ source: 1, name: 'inner', title: 'Too much memory', severity: 'high', range: '<2' },
          url: `https://github.com/advisories/${id}`,
        },
      ],
    },
    outer: { name: 'outer', via: ['inner'] },
  },
});
const now = new Date('2026-11-30T12:00:00Z');
const allowed = [{ id, reason: 'The part of it that is meant is never called.', until: '2026-11-30' }];

it('fails on an advisory that is not allowed', () => {
  expect(audited(report, [], now)).toEqual({
    hasFailed: true,
    lines: [`${id} high in inner: Too much memory https://github.com/advisories/${id}`],
  });
});

it('allows one that is written down, until the day that is written down', () => {
  expect(audited(report, allowed, now)).toEqual({
    hasFailed: false,
    lines: [`${id} is allowed by build/audit-allowed.json`],
  });
  expect(audited(report, allowed, new Date('2026-12-01T00:00:00Z')).hasFailed).toBe(true);
});

it('succeeds where there is none', () => {
  expect(audited('{"vulnerabilities":{}}', [], now)).toEqual({ hasFailed: false, lines: ['no advisories'] });
});

it.each([
  ['{"message":"405 Method Not Allowed","statusCode":405}', 'registry answered 405'],
  ['{"message":"no network"}', 'no network'],
  ['', 'npm audit gave no report'],
  ['null', 'npm audit gave no report'],
])('says so where nothing was checked: %s', (output, why) => {
  expect(audited(output, [], now)).toEqual({ hasFailed: false, lines: [`NOT CHECKED (${why})`] });
});

it('has a list of allowed advisories, each with a reason and a day', () => {
  const written: unknown = JSON.parse(
    readFileSync(new URL('../../build/audit-allowed.json', import.meta.url), 'utf8'),
  );
  expect(allowances.safeParse(written).error).toBeUndefined();
  expect(allowances.safeParse([{ id, reason: 'short', until: '2026-11-30' }]).success).toBe(false);
});
