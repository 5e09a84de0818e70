import fc from 'fast-check';
import { expect, it } from 'vitest';
import { graphTemplate, graphTemplates } from './graph-template.ts';

const calls = 'communications/callRecords';

it.each([
  [`/v1.0/${calls}/abc/participants_v2`, `/v1.0/${calls}/{}/participants_v2`],
  [`/v1.0/${calls}(%27abc%27)/sessions`, `/v1.0/${calls}/{}/sessions`],
  [`/v1.0/${calls}%28%27abc%27%29/sessions`, `/v1.0/${calls}/{}/sessions`],
  [`/v1.0/${calls}/sessions/sessions/sessions/segments`, `/v1.0/${calls}/{}/sessions/{}/segments`],
  [`/v1.0/${calls}/$count`, `/v1.0/${calls}/$count`],
  [`/v1.0/${calls}/getPstnCalls`, `/v1.0/${calls}/{}`],
  [
    `/beta/${calls}/microsoft.graph.callRecords.getPstnCalls(fromDateTime=2026-01-01)`,
    `/beta/${calls}/getPstnCalls/{}`,
  ],
  ['/v1.0/subscriptions/abc/microsoft.graph.reauthorize', '/v1.0/subscriptions/{}/reauthorize'],
  ['/v1.0', '/v1.0'],
  ['/v1.0/', '/v1.0'],
  [`/v1.0/${calls}/`, `/v1.0/${calls}`],
  ['/healthz', 'other'],
  ['/', 'other'],
  ['/{}', 'other'],
  ['/nowhere/v1.0', 'other'],
  ['/v1.0/communications', 'other'],
  ['/v1.0//', 'other'],
  ['', 'other'],
  ['v1.0', 'other'],
  [`/v1.0${'/x'.repeat(8)}`, 'other'],
])('%s is %s', (path, route) => {
  expect(graphTemplate(path)).toBe(route);
});

it.each(graphTemplates)('%s is a route', (template) => {
  const path = template.replace(/(\/get\w+)\/\{\}$/, '$1(a=1)').replaceAll('{}', 'key');
  expect(graphTemplate(path)).toBe(template);
});

it('is one of a fixed list for every path, and so contains no key', () => {
  const fixed = new Set(['other', ...graphTemplates]);
  const words = [...new Set(graphTemplates.flatMap((template) => template.split('/')))];
  const segment = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...words).map((word) => `${word}('x')`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 12 }), (all) => {
      expect(fixed).toContain(graphTemplate(`/${all.join('/')}`));
    }),
    { numRuns: 2000 },
  );
});
