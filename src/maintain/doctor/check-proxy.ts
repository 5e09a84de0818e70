/** Checks the proxies of the environment: whether Node uses them, and whether they accept connections. */
import { connect } from 'node:net';
import { proxyEnvironment } from '../../base/proxy.ts';
import { attention, type Finding, well, wrong } from './finding.ts';

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;
const connectMs = 5000;

/** Checks the proxies. @param environment The environment of the process. */
export async function checkProxy(environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const set = variables.filter((name) => (environment[name] ?? '') !== '');
  const isUsed = proxyEnvironment() !== undefined;
  if (set.length === 0 && !isUsed) return [];
  if (set.length === 0)
    return [
      attention(
        'proxy',
        'NODE_USE_ENV_PROXY is set, but no variable names a proxy: Node connects to every host directly.',
        'Set HTTPS_PROXY to the URL of the proxy, or unset NODE_USE_ENV_PROXY.',
      ),
    ];
  // Of the two spellings of a variable, lower case takes precedence.
  const named = set
    .filter((name) => name === name.toLowerCase() || !set.includes(lower(name)))
    .map((variable) => ({ variable, proxy: proxyOf(environment[variable]) }));
  const malformed = named.filter(({ proxy }) => proxy === undefined).map(({ variable }) => isNoUrl(variable));
  if (isUsed) {
    const usable = named.flatMap(({ variable, proxy }) => (proxy === undefined ? [] : { variable, proxy }));
    return [...malformed, ...(await Promise.all(usable.map(checkOne)))];
  }
  return [
    attention(
      'proxy',
      `${set.join(', ')}: Node uses no proxy, because NODE_USE_ENV_PROXY is not set.`,
      'Set NODE_USE_ENV_PROXY=1 too, or unset the variable.',
    ),
    ...malformed,
  ];
}

function lower(name: (typeof variables)[number]): (typeof variables)[number] {
  return name.toLowerCase() as (typeof variables)[number]; // each is there in both spellings
}

interface NamedProxy {
  readonly variable: string;
  readonly proxy: URL;
}

function proxyOf(text = ''): URL | undefined {
  const proxy = URL.parse(text);
  return proxy !== null && /^https?:$/.test(proxy.protocol) ? proxy : undefined;
}

/** Reports an invalid URL. Some of these make Node exit when it starts, once it is set to use them. */
function isNoUrl(variable: string): Finding {
  return wrong(
    'proxy',
    `${variable} is not an http or https URL, so no request can be sent.`,
    'Set it to http://HOST:PORT, with http:// also for requests to https URLs.',
  );
}

async function checkOne({ variable, proxy }: NamedProxy): Promise<Finding> {
  const code = await connectionFailure(proxy);
  if (code === undefined) return well('proxy', `${variable}: ${proxy.origin} accepts connections.`);
  return wrong(
    'proxy',
    `${variable}: ${proxy.origin} refuses connections (${code}).`,
    'Check the host and port, and that this machine can connect to them.',
  );
}

/** Connects to a proxy. @returns The system's error code; `undefined` when it connects. */
function connectionFailure({ protocol, hostname, port }: URL): Promise<string | undefined> {
  const standard = protocol === 'https:' ? 443 : 80;
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || standard),
      timeout: connectMs,
    });
    const end = (code: string | undefined) => {
      socket.destroy();
      resolve(code);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
  });
}
