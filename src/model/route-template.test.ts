import fc from 'fast-check';
import { expect, it } from 'vitest';
import { routeOf } from './route-template.ts';

it.each([
  [
    '/v1.0/communications/callRecords/abc/participants_v2',
    '/v1.0/communications/callRecords/{}/participants_v2',
  ],
  ['/v1.0/communications/callRecords(%27abc%27)/sessions', '/v1.0/communications/callRecords/{}/sessions'],
  [
    '/beta/communications/callRecords/microsoft.graph.callRecords.getPstnCalls(fromDateTime=2026-01-01)',
    '/beta/communications/callRecords/getPstnCalls/{}',
  ],
  ['/v1.0/', '/v1.0/{}'],
  ['/healthz', '/healthz'],
  ['/nowhere/v1.0', 'other'],
  ['', 'other'],
  ['v1.0', 'other'],
  ['/', 'other'],
  [`/v1.0${'/x'.repeat(8)}`, `/v1.0${'/{}'.repeat(8)}`],
  [`/v1.0${'/x'.repeat(9)}`, 'other'],
])('%s is %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

it('has no key in it, whatever the path is', () => {
  const keys = fc.array(
    fc.string().map((text) => `key-${text.replaceAll('/', '')}`),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(keys, (all) => {
      expect(routeOf(`/v1.0/communications/${all.join('/')}`)).not.toContain('key-');
    }),
  );
});
