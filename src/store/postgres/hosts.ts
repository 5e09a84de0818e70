/** Several hosts in one URL, as libpq has it: the first that is what `target_session_attrs` asks for is connected to. */
import type { ClientBase } from 'pg';
import { StoreError } from '../store.ts';
import { storeUrlOf } from './store-url.ts';

const wishes = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type Wish = (typeof wishes)[number];

export class Hosts {
  /** What is asked for of a server; it need not be looked at when absent. */
  readonly wish: Exclude<Wish, 'any'> | undefined;
  readonly #urls: readonly string[];
  #place = 0;

  /** @throws StoreError */
  constructor(url: string) {
    const { scheme, credentials, hosts, after } = storeUrlOf(url);
    // The driver would take what comes before them for the host.
    if (/[/?#]/.test(credentials))
      throw new StoreError(
        'The password in the URL of the store holds /, ? or #. Write them as %2F, %3F and %23.',
      );
    const { rest, wish } = withoutWish(after);
    this.wish = wish === 'any' ? undefined : wish;
    this.#urls = hosts.split(',').map((host) => scheme + credentials + host + rest);
  }

  get count(): number {
    return this.#urls.length;
  }

  /** The URL of the host that is connected to at present. */
  get current(): string {
    return this.#urls[this.#place]!; // there is one at least
  }

  /** Goes on to the next, unless somebody has already. @param url The one that would not do. */
  leave(url: string): void {
    if (url === this.current) this.#place = (this.#place + 1) % this.#urls.length;
  }
}

function withoutWish(after: string): { readonly rest: string; readonly wish: Wish } {
  const [path = '', query = ''] = after.split('?', 2);
  const options = query.split('&').filter((option) => option !== '');
  const name = 'target_session_attrs=';
  const asked = options.find((option) => option.startsWith(name))?.slice(name.length) ?? 'any';
  const wish = wishes.find((one) => one === asked);
  if (wish === undefined)
    throw new StoreError(
      `target_session_attrs in the URL of the store is '${asked}'. It is one of ${wishes.join(', ')}.`,
    );
  const left = options.filter((option) => !option.startsWith(name)).join('&');
  return { rest: left === '' ? path : `${path}?${left}`, wish };
}

/** A server that is not what was asked for. */
export class OtherServer extends Error {
  override readonly name = 'OtherServer';
}

/** @throws OtherServer */
export async function refuseOther(client: ClientBase, wish: Wish): Promise<void> {
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS readonly`,
  );
  const [{ standby, readonly } = { standby: false, readonly: false }] = rows;
  const isWished = {
    any: true,
    'read-write': !standby && !readonly,
    'read-only': standby || readonly,
    primary: !standby,
    standby,
    'prefer-standby': standby,
  }[wish];
  if (!isWished) throw new OtherServer();
}
