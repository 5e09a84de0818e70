import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPhoneRow } from './phone-row.ts';
import { PhoneTally } from './phone-summary.ts';

const pstn = (row: object) => readPhoneRow('pstn', Buffer.from(JSON.stringify(row)));

it('adds decimals exactly, and never amounts of different currencies', () => {
  const charge = fc.integer({ min: 0, max: 2_000_000 });
  const row = fc.record({ charge, connection: charge, currency: fc.constantFrom('USD', 'EUR', null) });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const tally = new PhoneTally();
      const exact = new Map<string | null, number>();
      for (const { charge, connection, currency } of rows) {
        tally.add(pstn({ charge: charge / 1e4, connectionCharge: connection / 1e4, currency }));
        exact.set(currency, (exact.get(currency) ?? 0) + charge + connection);
      }
      const { costs } = tally.summary(undefined);
      expect(new Map(costs.map(({ currency, amount }) => [currency, amount]))).toEqual(
        new Map([...exact].map(([currency, sum]) => [currency, sum / 1e4])),
      );
    }),
  );
});

it('adds up by person and by country, most rows first', () => {
  const tally = new PhoneTally();
  const outgoing = { callType: 'user_out', duration: 60, charge: 0.5, currency: 'EUR' };
  tally.add(pstn({ ...outgoing, userId: 'a', userDisplayName: 'Anna New', otherPartyCountryCode: 'FR' }));
  tally.add(pstn({ ...outgoing, userId: 'a', userDisplayName: 'Anna Old', destinationName: 'France' }));
  tally.add(pstn({ callType: 'ucap_in', duration: 0, otherPartyCountryCode: 'GB' }));
  tally.add(pstn({ callType: 'user_in', duration: 5, userId: 'b', destinationName: 'Germany' }));
  const eur = (amount: number) => [{ currency: 'EUR', amount }];
  expect(tally.summary('2026-03-01T00:00:00Z')).toEqual({
    rows: 4,
    seconds: 125,
    costs: eur(1),
    failed: 0,
    missed: 1,
    people: [
      {
        user: { id: 'a', displayName: 'Anna New', userPrincipalName: null },
        rows: 2,
        seconds: 120,
        costs: eur(1),
      },
      { user: { id: 'b', displayName: null, userPrincipalName: null }, rows: 1, seconds: 5, costs: [] },
      { user: null, rows: 1, seconds: 0, costs: [] },
    ],
    otherPeople: 0,
    countries: [
      { country: 'France', rows: 2, seconds: 120, costs: eur(1) },
      { country: null, rows: 1, seconds: 5, costs: [] },
      { country: 'United Kingdom', rows: 1, seconds: 0, costs: [] },
    ],
    complete: false,
    countedFromDateTime: '2026-03-01T00:00:00Z',
  });
});
