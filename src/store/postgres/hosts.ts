/** Several hosts in one URL, as libpq has it, and what `target_session_attrs` asks of the one to use. */
import { StoreError } from '../store.ts';
import type { HostState } from './host-state.ts';
import { storeUrlOf } from './store-url.ts';

const wishes = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
export type Wish = (typeof wishes)[number];

export interface NamedHosts {
  /** Of each host, in their order. */
  readonly urls: readonly string[];
  readonly wish: Wish;
}

/** @throws StoreError */
export function hostsOf(url: string): NamedHosts {
  const { scheme, credentials, hosts, after } = storeUrlOf(url);
  // The driver would take what comes before them for the host.
  if (/[/?#]/.test(credentials))
    throw new StoreError(
      'The password in the URL of the store holds /, ? or #. Write them as %2F, %3F and %23.',
    );
  const { rest, wish } = withoutWish(after);
  return { urls: hosts.split(',').map((host) => scheme + credentials + host + rest), wish };
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

/** Returns whether a server matches `target_session_attrs`. Every server matches `prefer-standby`. */
export function isWished(wish: Wish, { isStandby, isReadOnly }: HostState): boolean {
  return {
    any: true,
    'read-write': !isStandby && !isReadOnly,
    'read-only': isStandby || isReadOnly,
    primary: !isStandby,
    standby: isStandby,
    'prefer-standby': true,
  }[wish];
}
