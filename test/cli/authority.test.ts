/** What `serve` does with a development server for its authority, whatever tenant that issues for. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { authoritiesBy, loggedOutages } from '../../src/serve/run/authority-verifier.ts';
import { logBy } from '../../src/serve/observe/logging.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const tenant = '99999999-9999-4999-8999-999999999999';
let issuer: TestServer;
beforeAll(async () => {
  issuer = await startTestServer();
});
afterAll(() => issuer.stop());

async function ask(host: string) {
  const url = `${issuer.url}/${tenant}/v2.0`;
  const { settings } = readSettings('serve', ['--authority', url, '--host', host], {});
  let said = '';
  const stderr = { write: (text: string) => (said += text) } as unknown as NodeJS.WritableStream; // all that is used
  const log = logBy(settings, { stderr, clock: systemClock });
  const [authority] = authoritiesBy(settings, loggedOutages(log));
  const taken = await authority!.accepts(url, tenant).catch((error: unknown) => (error as Error).message);
  return { taken, said };
}

it('takes nothing of it, and says so in the log, where others reach serve', async () => {
  expect(await ask('0.0.0.0')).toEqual({
    taken: 'The authority that issues the tokens does not answer. Try again.',
    said: expect.stringMatching(
      new RegExp(
        `^\\S+ error The authority ${issuer.url}/${tenant}/v2.0 does not .*: it is a development server, .*\\n$`,
      ),
    ) as string,
  });
});

it('takes it for a trial on one machine', async () => {
  expect(await ask('127.0.0.1')).toEqual({ taken: true, said: '' });
});
