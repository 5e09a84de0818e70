/** Totals phone calls by person, by country and overall. Amounts in different currencies are never added. */
import { canonicalId } from '../../../contract/ids.ts';
import type { PhoneRow, PhoneSummary, PhoneSums, PhoneUser } from '../../../contract/phone-log.ts';
import { isMissed } from './phone-row.ts';

const mostPeople = 100;
/** Decimal digits of the integers in which amounts are added, so that sums are exact. */
const decimals = 10;

class Tally {
  rows = 0;
  seconds = 0;
  readonly amounts = new Map<string | null, bigint>();

  add(row: PhoneRow): void {
    this.rows++;
    this.seconds += row.seconds ?? 0;
    for (const amount of [row.charge, row.connectionCharge]) {
      // A zero amount is a cost in its currency; an absent amount is none.
      if (amount === null) continue;
      const sum = this.amounts.get(row.currency) ?? 0n;
      this.amounts.set(row.currency, sum + scaled(amount));
    }
  }

  sums(): PhoneSums {
    const costs = [...this.amounts].map(([currency, amount]) => ({ currency, amount: unscaled(amount) }));
    return {
      rows: this.rows,
      seconds: this.seconds,
      costs: costs.sort((a, b) => (a.currency ?? '').localeCompare(b.currency ?? '')),
    };
  }
}

/** Converts an amount. @param amount Below 1e15, so that it is formatted without an exponent. */
function scaled(amount: number): bigint {
  return BigInt(amount.toFixed(decimals).replace('.', ''));
}

function unscaled(amount: bigint): number {
  const sign = amount < 0n ? '-' : '';
  const digits = String(amount < 0n ? -amount : amount).padStart(decimals + 1, '0');
  return Number(`${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}

export class PhoneTally {
  readonly #all = new Tally();
  readonly #people = new Map<string | null, { user: PhoneUser | null; tally: Tally }>();
  readonly #countries = new Map<string | null, Tally>();
  #failed = 0;
  #missed = 0;

  /** Adds a row. @param row The next older row: a person has the name in the newest one. */
  add(row: PhoneRow): void {
    this.#all.add(row);
    if (row.outcome === 'failed') this.#failed++;
    if (isMissed(row)) this.#missed++;
    const { user } = row;
    const id = user?.id ?? null;
    const key = id === null ? (user?.userPrincipalName ?? user?.displayName ?? null) : canonicalId(id);
    const person = this.#people.get(key) ?? { user, tally: new Tally() };
    this.#people.set(key, person);
    person.tally.add(row);
    const country = this.#countries.get(row.country) ?? new Tally();
    this.#countries.set(row.country, country);
    country.add(row);
  }

  /** Returns the totals. @param unreadBefore Absent when every row was read. */
  summary(unreadBefore: string | undefined): PhoneSummary {
    const byRows = (a: PhoneSums, b: PhoneSums) => b.rows - a.rows || b.seconds - a.seconds;
    const people = [...this.#people.values()].map(({ user, tally }) => ({ user, ...tally.sums() }));
    const countries = [...this.#countries].map(([country, tally]) => ({ country, ...tally.sums() }));
    return {
      ...this.#all.sums(),
      failed: this.#failed,
      missed: this.#missed,
      people: people.sort(byRows).slice(0, mostPeople),
      otherPeople: Math.max(0, people.length - mostPeople),
      countries: countries.sort(byRows),
      complete: unreadBefore === undefined,
      countedFromDateTime: unreadBefore ?? null,
    };
  }
}
