/** Tests that labels of metrics, traces and logs come from a fixed list, regardless of requested paths. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { graphTemplates } from '../../src/contract/graph-template.ts';
import { controlPaths } from '../../src/emulator/http/control-paths.ts';
import { internalRoutes } from '../../src/serve/internal/internal-routes.ts';
import { templateOf } from '../../src/serve/internal/route.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const templates = ['other', ...graphTemplates, ...[...internalRoutes, ...controlPaths].map(templateOf)];
const served = new Set(templates);

it('paths of every sequence of words and keys add no time series beyond the routes', async () => {
  const words = [...new Set(templates.flatMap((template) => template.split('/')))].filter(Boolean);
  const paths = Array.from({ length: 3000 }, (_, i) => {
    let rest = i * 7919;
    return Array.from({ length: 5 }, () => {
      const word = words[rest % words.length]!;
      rest = Math.floor(rest / 3);
      return `/${word}`;
    }).join('');
  });
  for (let i = 0; i < paths.length; i += 50)
    await Promise.all(paths.slice(i, i + 50).map((path) => fetch(server.url + encodeURI(path))));
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const counted = [...text.matchAll(/^rollcall_http_request_duration_seconds_count\{route="([^"]+)"/gm)];
  const labels = new Set(counted.map(([, route]) => route!));
  expect([...labels].filter((route) => route !== 'other' && !served.has(route))).toEqual([]);
  expect(labels).toContain('other');
  // Besides the routes there are the statuses: of these requests 400, 401, 404 and 405.
  expect(counted.length).toBeLessThanOrEqual(4 * templates.length);
});
