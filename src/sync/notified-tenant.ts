/** Describes a tenant for whose subscription a listener accepts notifications. */
import { hash } from 'node:crypto';

export interface NotifiedTenant {
  /** Of the client state of its subscription, as it is known in this process; `undefined` while there is none. */
  readonly clientStateDigest: string | undefined;
  /** Reads again which subscription there is: another process may have made it. Asks the store once a second at most. */
  refresh(): Promise<void>;
  /** @throws StoreError when they cannot be written down */
  notified(callIds: readonly string[]): Promise<void>;
  lifecycle(event: LifecycleEvent, subscriptionId: string): void;
}

export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed';

/** Client states are looked up by digest: the duration of the look-up reveals nothing about the secret. */
export function digestOf(clientState: string): string {
  return hash('sha256', clientState, 'base64url');
}
