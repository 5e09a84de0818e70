/** Finds the proxy of the environment for a request, and opens a tunnel through it (RFC 9110, section 9.3.6). */
import http, { type AgentOptions } from 'node:http';
import https from 'node:https';
import { isIPv4, isIPv6, type Socket } from 'node:net';
import { percentDecoded } from './percent.ts';

/** Thrown when a proxy opens no tunnel. The message names the proxy, without its password, and the cause. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Returns the variables that Node is set to take proxies from: by NODE_USE_ENV_PROXY=1 or --use-env-proxy. */
export function proxyEnvironment(): NodeJS.ProcessEnv | undefined {
  const { options } = http.globalAgent as http.Agent & { readonly options: AgentOptions }; // missing in its types
  return options.proxyEnv;
}

/**
 * Returns the proxy for a URL; `undefined` where the host is reached directly.
 *
 * @see https://nodejs.org/api/http.html (built-in proxy support), and undici's EnvHttpProxyAgent: the variable in lower
 *   case first, the one of http for https when there is no other, and a host in NO_PROXY with its subdomains.
 */
export function proxyFor({ protocol, hostname, port }: URL, environment: NodeJS.ProcessEnv): URL | undefined {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = environment;
  const ofHttp = http_proxy || HTTP_PROXY;
  const text = protocol === 'https:' ? https_proxy || HTTPS_PROXY || ofHttp : ofHttp;
  if (!text) return undefined;
  const portNumber = port || (protocol === 'https:' ? '443' : '80');
  const without = (no_proxy || NO_PROXY || '').toLowerCase().split(/[,\s]+/);
  if (without.some((entry) => matches(entry, hostname.replace(/^\[|\]$/g, ''), portNumber))) return undefined;
  const proxy = URL.parse(text);
  if (proxy !== null && /^https?:$/.test(proxy.protocol)) return proxy;
  throw new ProxyError('the proxy in the environment is not an http or https URL');
}

/** Returns whether an entry of NO_PROXY covers a host. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = '', ofPort] = isIPv6(entry) ? ['', entry] : /^(.*?)(?::(\d+))?$/s.exec(entry)!;
  if (name === '' || (ofPort !== undefined && ofPort !== port)) return false;
  const [first, last] = name.split('-').map(numberOf);
  const number = numberOf(host);
  if (first !== undefined && last !== undefined && number !== undefined)
    return first <= number && number <= last;
  const plain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return host === plain || host.endsWith(`.${plain}`);
}

function numberOf(address: string): number | undefined {
  return isIPv4(address) ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

/**
 * Opens a tunnel to a host. The proxy resolves the host's name.
 *
 * @param timeoutMs Limit until the tunnel is open; real time.
 * @throws ProxyError
 */
export function openTunnel(
  proxy: URL,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  timeoutMs: number,
): Promise<Socket> {
  const target = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
  const { request } = proxy.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(proxy) },
      agent: false,
    });
    const timer = setTimeout(
      () => asked.destroy(Object.assign(new Error('no response'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    asked.once('close', () => clearTimeout(timer));
    asked.once('error', (error: NodeJS.ErrnoException) =>
      reject(silentProxy(proxy, error.code ?? error.name, error)),
    );
    // Node emits this event for any response to CONNECT.
    asked.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      clearTimeout(timer);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(
        new ProxyError(`the proxy ${proxy.origin} ${refusalOf(statusCode, proxy)} (status ${statusCode})`),
      );
    });
    asked.end();
  });
}

/** Returns the error for a proxy that does not answer. @param code The system's error code. */
export function silentProxy(proxy: URL, code = 'ETIMEDOUT', cause?: Error): ProxyError {
  return new ProxyError(`the proxy ${proxy.origin} does not answer (${code})`, { cause });
}

function refusalOf(status: number, { username }: URL): string {
  if (status !== 407) return 'refused the connection';
  return username === '' ? 'requires a user name and a password' : 'rejected the user name or the password';
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username + password === '') return {};
  const credentials = [username, password].map(percentDecoded).join(':');
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
