/** Where notifications may be sent, by the options of a server. */
import { readFileSync } from 'node:fs';
import { type AddressRule, addressRule, loopback } from '../notify/addresses.ts';
import { UsageError } from './exit.ts';
import type { Settings } from './settings.ts';

export interface NotificationRules {
  readonly mayConnect: AddressRule;
  readonly requiresHttps: boolean;
  readonly ca: string | undefined;
}

/** @throws UsageError naming every value that is wrong. */
export function notificationRules(settings: Settings, isForDeveloping: boolean): NotificationRules {
  const problems: string[] = [];
  const allow = [...(settings['notify-allow'] ?? []), ...(isForDeveloping ? loopback : [])];
  const mayConnect = attempt('notify-allow', problems, () => addressRule(allow));
  const file = settings['notify-ca'];
  const ca = file === undefined ? undefined : attempt('notify-ca', problems, () => readPem(file));
  if (problems.length > 0 || mayConnect === undefined) throw new UsageError(problems);
  return { mayConnect, requiresHttps: !isForDeveloping, ca };
}

function readPem(path: string): string {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new RangeError(`'${path}' cannot be read`);
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new RangeError(`'${path}' holds no certificate in PEM`);
  return text;
}

function attempt<T>(option: string, problems: string[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push(`--${option}: ${error.message}.`);
    return undefined;
  }
}
