/** Requests through the proxies of the environment: who uses them, what is refused all the same, and how each fails. */
import { once } from 'node:events';
import http, { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openIdAuthority } from '../../src/serve/auth/authority.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { createHttpClient, type HttpClientOptions, HttpFailure } from '../../src/base/http-client.ts';
import { addressRule, loopback } from '../../src/notify/addresses.ts';
import { locationOf, TestBrowser } from '../support/browser.ts';
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts';
import { startNotified } from '../support/notified.ts';
import { startReceiver } from '../support/receiver.ts';
import { startScriptedAuthority } from '../support/scripted-authority.ts';
import { startTestServer } from '../support/server.ts';
import { signInWith } from '../support/sign-in.ts';

/** Uses a proxy until the test ends, as a process does that was started with these variables. */
function use(proxyUrl: string, variables: NodeJS.ProcessEnv = {}): void {
  onTestFinished(http.setGlobalProxyFromEnv({ HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, ...variables }));
}

async function ask(url: string, options: Partial<HttpClientOptions> = {}): Promise<string> {
  const limits = { clock: systemClock, timeoutMs: 600_000, maxBodyBytes: 1000, usesProxy: true };
  const client = createHttpClient({ ...limits, ...options });
  onTestFinished(() => client.close());
  try {
    return (await client.send({ method: 'GET', url: new URL(url), headers: {} })).body.toString();
  } catch (error) {
    if (error instanceof HttpFailure) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

const plain = createServer((_request, response) => response.end('plain'));
let port: number;
let tlsPort: number;
const closing: (() => void)[] = [];
beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'secure.example' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'secure.example' }] }],
  });
  const secure = createHttpsServer({ cert, key }, (_request, response) => response.end('secure'));
  for (const server of [plain, secure]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
  }
  [port, tlsPort] = [plain, secure].map((server) => (server.address() as AddressInfo).port) as [
    number,
    number,
  ];
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, cert]);
  closing.push(() => setDefaultCACertificates(trusted));
});
afterAll(() => closing.forEach((close) => close()));

const proxyTo = (to: number, options: Parameters<typeof startConnectProxy>[2] = {}) =>
  startConnectProxy(['secure.example', 'plain.example:80'], to, options);

describe('a client that uses proxies', () => {
  it('reaches hosts through one, and directly where NO_PROXY names them', async () => {
    await using proxy = await proxyTo(tlsPort);
    await using other = await proxyTo(port);
    use(proxy.url, { HTTP_PROXY: other.url, NO_PROXY: '127.0.0.1' });
    expect([
      await ask('https://secure.example/'),
      await ask('http://plain.example/'),
      await ask(`http://127.0.0.1:${port}/`),
    ]).toEqual(['secure', 'plain', 'plain']);
    expect([proxy.opened, other.opened]).toEqual([['secure.example:443'], ['plain.example:80']]);
  });

  it('uses none where it is not meant to, or where Node is not told to', async () => {
    await using proxy = await proxyTo(port, { leadsHere: true });
    const here = `http://127.0.0.1:${port}/`;
    expect(await ask(here)).toBe('plain');
    use(proxy.url);
    expect(await ask(here, { usesProxy: false })).toBe('plain');
    expect(proxy.opened).toEqual([]);
    expect(await ask(here)).toBe('plain');
    expect(proxy.opened).toEqual([`127.0.0.1:${port}`]);
  });

  it('holds literal addresses against its rule, and leaves names to the proxy', async () => {
    await using proxy = await proxyTo(port, { leadsHere: true });
    use(proxy.url);
    const mayConnect = addressRule([]);
    const resolve: HttpClientOptions['resolve'] = () => expect.unreachable('The proxy looks names up.');
    for (const host of ['127.0.0.1', '2130706433', '[::1]', '169.254.169.254', 'localhost', 'a.LOCALHOST'])
      expect([host, await ask(`http://${host}:${port}/`, { mayConnect, resolve })]).toEqual([
        host,
        'addressForbidden: connections to this address are not allowed',
      ]);
    expect([proxy.opened, proxy.refused]).toEqual([[], []]);
    expect(await ask('http://plain.example/', { mayConnect, resolve })).toBe('plain');
    expect(await ask(`http://127.0.0.1:${port}/`, { mayConnect: addressRule(loopback), resolve })).toBe(
      'plain',
    );
  });
});

describe('a proxy', () => {
  const withCredentials = ({ url }: ConnectProxy, credentials: string) =>
    url.replace('//', `//${credentials}@`);

  it('is given the user name and the password of its URL', async () => {
    await using proxy = await proxyTo(tlsPort, { credentials: 'us er:p%@:ss' });
    use(withCredentials(proxy, 'us%20er:p%25%40%3Ass'));
    expect(await ask('https://secure.example/')).toBe('secure');
  });

  it('that refuses is named without its password, with the cause', async () => {
    await using proxy = await proxyTo(tlsPort, { credentials: 'user:right' });
    use(proxy.url);
    expect(await ask('https://secure.example/')).toBe(
      `proxy: the proxy ${proxy.url} requires a user name and a password (status 407)`,
    );
    use(withCredentials(proxy, 'user:hush'));
    expect(await ask('https://secure.example/')).toBe(
      `proxy: the proxy ${proxy.url} rejected the user name or the password (status 407)`,
    );
    await using closed = await proxyTo(tlsPort, { always: 403 });
    use(withCredentials(closed, 'user:hush'));
    for (const url of ['https://secure.example/', 'http://plain.example/'])
      expect(await ask(url)).toBe(`proxy: the proxy ${closed.url} refused the connection (status 403)`);
  });

  it('that is away, that is none, or that is silent is named too', async () => {
    use('http://user:hush@127.0.0.1:1');
    expect(await ask('https://secure.example/')).toBe(
      'proxy: the proxy http://127.0.0.1:1 does not answer (ECONNREFUSED)',
    );
    const other = createTcpServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    use(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    expect(await ask('https://secure.example/')).toMatch(/^proxy: the proxy http:\S+ does not answer \(HPE_/);
    await using silent = await proxyTo(tlsPort, { always: 'silent' });
    use(silent.url);
    // Time runs out as soon as the proxy has been asked.
    const asked: Clock = {
      now: () => new Date(),
      sleep: async () => {
        while (silent.refused.length === 0) await systemClock.sleep(5);
      },
    };
    expect(await ask('https://secure.example/', { clock: asked })).toBe(
      `proxy: the proxy ${silent.url} does not answer (ETIMEDOUT)`,
    );
  });

  it('that leads to a host with a certificate that is not trusted is not at fault', async () => {
    await using proxy = await startConnectProxy(['other.example'], tlsPort);
    use(proxy.url);
    expect(await ask('https://other.example/')).toBe(
      'tls: the certificate is for another name, ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });
});

describe('through a proxy', () => {
  it('webhooks are validated and notified, and none at a literal address that is not allowed', async () => {
    await using receiver = await startReceiver();
    await using proxy = await startConnectProxy(['hooks.example:80'], Number(new URL(receiver.url).port));
    // The test itself asks the server directly.
    use(proxy.url, { NO_PROXY: '127.0.0.1' });
    await using notified = await startNotified({ server: { mayConnect: addressRule([]) } });
    await expect(notified.subscribe({ notificationUrl: `${receiver.url}/hook` })).rejects.toThrow(
      'Notification endpoint must respond with 200 OK',
    );
    await notified.subscribe({ notificationUrl: 'http://hooks.example/hook' });
    await notified.bring(1);
    await notified.settled();
    expect([receiver.validations.length, receiver.notifications().length]).toEqual([1, 1]);
    expect([new Set(proxy.opened), proxy.refused]).toEqual([new Set(['hooks.example:80']), []]);
  });

  it('keys are fetched, and people sign in; an authority behind one that refuses says so', async () => {
    const { tenantId, clientId } = { tenantId: '33333333-3333-4333-8333-333333333333', clientId: 'page' };
    await using authority = await startScriptedAuthority({ tenantId, clientId });
    await using proxy = await startConnectProxy([], 0, { leadsHere: true });
    use(proxy.url);
    const server = await startTestServer({ signIn: signInWith(authority.url, { clientId }) });
    const browser = new TestBrowser();
    const asked = new URL(locationOf(await browser.visit(`${server.url}/rollcall/sign-in`)));
    authority.expect(asked.searchParams.get('nonce')!);
    const answer = new URLSearchParams({ code: 'code', state: asked.searchParams.get('state')! });
    const back = await browser.visit(`${server.url}/rollcall/sign-in/callback?${answer.toString()}`, {
      site: 'cross-site',
    });
    expect([back.status, authority.asked.length]).toEqual([303, 1]);
    await server.stop();
    expect(proxy.opened).toContain(new URL(authority.url).host);

    await using refusing = await startConnectProxy([], 0, { always: 403 });
    use(refusing.url);
    const reasons: string[] = [];
    const watch = { onDown: (reason: string) => void reasons.push(reason), onUp: () => undefined };
    const another = openIdAuthority({ url: 'https://login.example/v2.0', watch });
    await expect(another.accepts('https://login.example', tenantId)).rejects.toThrow('does not answer');
    expect(reasons).toEqual([
      `https://login.example/v2.0/.well-known/openid-configuration: the proxy ${refusing.url} refused the connection (status 403)`,
    ]);
  });
});
