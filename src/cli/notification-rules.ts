/** Where notifications may be sent, by the options of a server. */
import { type AddressRule, addressRule, loopback } from '../notify/addresses.ts';
import { UsageError } from './exit.ts';
import type { Settings } from './settings.ts';

interface NotificationRules {
  readonly mayConnect: AddressRule;
  readonly requiresHttps: boolean;
}

/** @throws UsageError */
export function notificationRules(settings: Settings, isForDeveloping: boolean): NotificationRules {
  const allow = [...(settings['notify-allow'] ?? []), ...(isForDeveloping ? loopback : [])];
  try {
    return { mayConnect: addressRule(allow), requiresHttps: !isForDeveloping };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError([`--notify-allow: ${error.message}.`]);
  }
}
