/** Splits the URL of a store as it was written, valid or not, so that a message never shows a part of a password. */
import { StoreError } from '../store-errors.ts';

interface StoreUrl {
  readonly scheme: string;
  /** `USER:PASSWORD@`, or empty. */
  readonly credentials: string;
  /** One host, or several separated by commas. */
  readonly hosts: string;
  /** The database and the options. */
  readonly after: string;
}

export function storeUrlOf(url: string): StoreUrl {
  const scheme = /^[a-z]+:\/\//i.exec(url)?.[0];
  if (scheme === undefined) return { scheme: '', credentials: '', hosts: '', after: '' };
  const rest = url.slice(scheme.length);
  // Credentials end at the last `@` before the options: a password may contain one that is not written as %40.
  const options = rest.search(/\?[a-z_]+=/i);
  const at = rest.lastIndexOf('@', options < 0 ? rest.length : options) + 1;
  const hosts = rest.slice(at).split(/[/?]/, 1)[0]!; // at least one part
  return { scheme, credentials: rest.slice(0, at), hosts, after: rest.slice(at + hosts.length) };
}

/** Names the server in messages: its hosts and database, without credentials. */
export function serverName(url: string): string {
  const { hosts, after } = storeUrlOf(url);
  const [, database = ''] = /^\/([^?]*)/.exec(after) ?? [];
  return `postgres://${hosts}/${database}`;
}

/** Returns the URL with `PASSWORD` in place of a password; any other text is returned as it is. */
export function withoutPassword(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text)) return text;
  const { scheme, credentials, hosts, after } = storeUrlOf(text);
  const who = credentials.replace(/^([^:]*:).*@$/s, '$1PASSWORD@');
  return scheme + who + hosts + after.replace(/([?&]password=)[^&]*/g, '$1PASSWORD');
}

const targets = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
/** The value of `target_session_attrs`: which of several hosts to use, as in libpq. */
export type TargetSessionAttrs = (typeof targets)[number];

interface NamedHosts {
  /** One URL per host, in their order. */
  readonly urls: readonly string[];
  readonly target: TargetSessionAttrs;
}

/**
 * Splits a URL with several hosts, which the driver does not accept.
 *
 * @throws StoreError
 */
export function hostsOf(url: string): NamedHosts {
  const { scheme, credentials, hosts, after } = storeUrlOf(url);
  // The driver would read the text before them as the host.
  if (/[/?#]/.test(credentials))
    throw new StoreError(
      'The password in the URL of the store contains /, ? or #. Write them as %2F, %3F and %23.',
    );
  const [path = '', query = ''] = after.split('?', 2);
  const options = query.split('&').filter((option) => option !== '');
  const name = 'target_session_attrs=';
  const asked = options.find((option) => option.startsWith(name))?.slice(name.length) ?? 'any';
  const target = targets.find((one) => one === asked);
  if (target === undefined)
    throw new StoreError(
      `target_session_attrs in the URL of the store is '${asked}'. It must be one of ${targets.join(', ')}.`,
    );
  const others = options.filter((option) => !option.startsWith(name)).join('&');
  const rest = others === '' ? path : `${path}?${others}`;
  return { urls: hosts.split(',').map((host) => scheme + credentials + host + rest), target };
}
