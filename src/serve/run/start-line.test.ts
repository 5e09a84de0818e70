import { expect, it } from 'vitest';
import { createLog } from '../../base/log.ts';
import { readSettings } from '../../cli/settings.ts';
import { logSyncStart } from './start-line.ts';
import { syncTenants } from '../../cli/sync-tenants.ts';

const tenantId = '33333333-1111-4111-8111-111111111111';

function startLine(...args: readonly string[]): Record<string, unknown> {
  let line = '';
  const log = createLog({
    format: 'json',
    level: 'info',
    write: (text) => (line += text),
    now: () => new Date(0),
  });
  const read = readSettings('sync', ['--tenant', tenantId, ...args], {});
  logSyncStart(log, read.settings, syncTenants(read), undefined);
  return JSON.parse(line) as Record<string, unknown>;
}

it('sync logs at its start where its tokens come from, and no secret', () => {
  const application = ['--client-id', tenantId, '--client-secret', 'hush'];
  expect(startLine(...application)).toMatchObject({
    upstream: ['https://graph.microsoft.com'],
    authority: ['https://login.microsoftonline.com'],
    credential: ['secret'],
  });
  expect(JSON.stringify(startLine(...application))).not.toContain('hush');
  const authority = `https://sso.example/${tenantId}/v2.0`;
  expect(startLine(...application, '--authority', authority)['authority']).toEqual(['https://sso.example']);
  expect(startLine('--managed-identity', 'system', '--upstream', 'https://graph.microsoft.us')).toMatchObject(
    { authority: ['https://login.microsoftonline.us'], credential: ['managed identity'] },
  );
  expect(startLine('--upstream', 'http://127.0.0.1:7655')['authority']).toEqual(['http://127.0.0.1:7655']);
});
