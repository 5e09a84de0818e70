/** Formats costs, durations and people of phone calls. */
import type { Cost, PhoneUser } from '../../contract/phone-log.ts';
import { formatNumber, phoneMessages as messages } from '../messages/en.ts';

export function formatCost({ currency, amount }: Cost): string {
  const text = formatNumber(amount, { minimumFractionDigits: 2, maximumFractionDigits: 10 });
  return currency === null ? text : messages.amount(text, currency);
}

export function formatMinutes(seconds: number): string {
  return formatNumber(seconds / 60, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

export function nameOfUser(user: PhoneUser | null): string {
  return user === null
    ? messages.noPerson
    : (user.displayName ?? user.userPrincipalName ?? user.id ?? messages.noPerson);
}
