/** Formats costs, durations and people of phone calls. */
import type { Cost, PhoneUser } from '../../contract/phone-log.ts';
import { phoneMessages as messages } from '../messages/phone-calls.ts';

export function formatCost({ currency, amount }: Cost): string {
  const text = amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
  return currency === null ? text : `${text} ${currency}`;
}

export function formatMinutes(seconds: number): string {
  return (seconds / 60).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function nameOfUser(user: PhoneUser | null): string {
  return user === null
    ? messages.noPerson
    : (user.displayName ?? user.userPrincipalName ?? user.id ?? messages.noPerson);
}
