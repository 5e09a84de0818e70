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

/** Who connects stands before the last `@` that is not in an option: a password may hold one that is not written as %40. */
const form = /^([a-z]+:\/\/)((?:(?!\?[a-z_]+=).)*@)?([^/?]*)(.*)$/is;

export function storeUrlOf(url: string): StoreUrl {
  const [, scheme = '', credentials = '', hosts = '', after = ''] = form.exec(url) ?? [];
  return { scheme, credentials, hosts, after };
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
