/** The URL of a store taken apart as it was written, right or wrong: no part of a password is ever shown. */

export interface StoreUrl {
  readonly scheme: string;
  /** `USER:PASSWORD@`, or nothing. */
  readonly credentials: string;
  /** One, or several with commas between them. */
  readonly hosts: string;
  /** The database and the options. */
  readonly after: string;
}

export function storeUrlOf(url: string): StoreUrl {
  const scheme = /^[a-z]+:\/\//i.exec(url)?.[0];
  if (scheme === undefined) return { scheme: '', credentials: '', hosts: '', after: '' };
  const rest = url.slice(scheme.length);
  // Who connects stands before the last `@` that is not in an option: a password may hold one that is not written as %40.
  const options = rest.search(/\?[a-z_]+=/i);
  const at = rest.lastIndexOf('@', options < 0 ? rest.length : options) + 1;
  const hosts = rest.slice(at).split(/[/?]/, 1)[0]!; // at least one part
  return { scheme, credentials: rest.slice(0, at), hosts, after: rest.slice(at + hosts.length) };
}

/** The server in words: where it is, and never who connects. */
export function serverName(url: string): string {
  const { hosts, after } = storeUrlOf(url);
  const [, database = ''] = /^\/([^?]*)/.exec(after) ?? [];
  return `postgres://${hosts}/${database}`;
}

/** To be shown and written down. Any other text is as it was. */
export function withoutPassword(text: string): string {
  if (!/^postgres(ql)?:\/\//.test(text)) return text;
  const { scheme, credentials, hosts, after } = storeUrlOf(text);
  const who = credentials.replace(/^([^:]*:).*@$/s, '$1PASSWORD@');
  return scheme + who + hosts + after.replace(/([?&]password=)[^&]*/g, '$1PASSWORD');
}
