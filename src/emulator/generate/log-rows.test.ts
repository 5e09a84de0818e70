import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { edms, type Property, structuredType } from '../../contract/edm.ts';
import { countries } from './countries.ts';
import { defaultGenerateOptions, generateLines } from './generate.ts';
import { decimal, formatRow } from './log-row-text.ts';
import { generateLogRows, type LogRowKind, logRowKinds, type LogRowOptions } from './log-rows.ts';
import { generatePerson } from './tenant.ts';

type Row = Readonly<Record<string, unknown>>;

const few: LogRowOptions = { ...defaultGenerateOptions, rows: 400 };
const linesOf = (options: Partial<LogRowOptions>) => [...generateLogRows({ ...few, ...options })];
// The generator's own output, whose members the first suite checks.
const rowsOf = (kind: LogRowKind, options: Partial<LogRowOptions> = {}) =>
  linesOf({ ...options, kinds: [kind] }).map((line) => JSON.parse(line) as Row);
const sha256 = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const at = (dateTime: unknown) => new Date(text(dateTime)).getTime();

function hasFormOf({ type, collection, nullable }: Property, value: unknown): boolean {
  if (value === null) return nullable;
  if (collection) return Array.isArray(value);
  const enumeration = edms.beta.types.get(type);
  if (enumeration?.kind === 'enum') return enumeration.visible.has(text(value));
  switch (type) {
    case 'Edm.Int32':
      return Number.isInteger(value);
    case 'Edm.Decimal':
      return typeof value === 'number';
    case 'Edm.Boolean':
      return typeof value === 'boolean';
    case 'Edm.DateTimeOffset':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?Z$/.test(text(value));
    default:
      return type === 'Edm.String' && typeof value === 'string';
  }
}

describe.each(logRowKinds)('%s', (kind) => {
  const { properties } = structuredType(edms.beta, `microsoft.graph.callRecords.${kind}`);
  const rows = rowsOf(kind);

  it('begins with its type, and has every member of it in wire order', () => {
    for (const line of linesOf({ kinds: [kind], rows: 5 }))
      expect(line).toMatch(new RegExp(`^\\{"@odata.type":"#microsoft.graph.callRecords.${kind}",`));
    const orders = new Set(rows.map((row) => Object.keys(row).join(', ')));
    expect([...orders]).toEqual([['@odata.type', ...properties.keys()].join(', ')]);
  });

  it('writes each member in the form of its type', () => {
    const wrong = rows.flatMap((row) =>
      [...properties.values()]
        .filter((one) => !hasFormOf(one, row[one.name]))
        .map(({ name }) => [name, row[name]]),
    );
    expect(wrong).toEqual([]);
  });

  it('is of the people of the calls', () => {
    const { identity } = generatePerson({ seed: 1, tenantId: few.tenantId, users: 1 }, 'tenantUser', 0);
    const ids = new Set(rowsOf(kind, { users: 1, rows: 9 }).map(({ userId }) => userId));
    expect([...ids].filter((id) => id !== null)).toEqual([identity.id]);
  });
});

/** The kinds by what the model says of the function that returns them. */
const facts = logRowKinds.map((kind) => {
  const found = edms.beta.functions.find(({ returns }) => returns.endsWith(`.${kind}`));
  return { kind, key: found?.key, time: found?.time };
});

it.each(facts.filter(({ key }) => key !== undefined))(
  'gives every $kind a $key of its own',
  ({ kind, key }) => {
    const rows = rowsOf(kind);
    expect(new Set(rows.map((row) => row[key!])).size).toBe(rows.length);
  },
);

it.each(facts.filter(({ time }) => time !== undefined))(
  'puts the $time of every $kind within the days asked for',
  ({ kind, time }) => {
    for (const row of rowsOf(kind, { until: new Date('2026-02-12T15:00:00Z'), days: 10 })) {
      expect(at(row[time!])).toBeGreaterThanOrEqual(Date.UTC(2026, 1, 2));
      expect(at(row[time!])).toBeLessThan(Date.UTC(2026, 1, 12));
    }
  },
);

describe('generateLogRows', () => {
  it('gives the same bytes for the same options, on every machine', () => {
    expect(sha256(linesOf({ rows: 40 }))).toMatchInlineSnapshot(
      `"2ac354a2f7ee896330592a5c32c2e18da9dd359af2bcd4239ac2b29cc21341eb"`,
    );
  });

  it('gives other bytes for another seed', () => {
    expect(sha256(linesOf({ rows: 40, seed: 2 }))).not.toBe(sha256(linesOf({ rows: 40 })));
  });

  it('makes a row the same however many, and whichever kinds, are asked for', () => {
    expect(linesOf({ rows: 9 }).slice(9, 12)).toEqual(linesOf({ rows: 3, kinds: ['directRoutingLogRow'] }));
  });

  it('gives nothing for no rows', () => {
    expect(linesOf({ rows: 0 })).toEqual([]);
  });

  it('makes no row before it is asked for', () => {
    const rows = generateLogRows({ ...few, rows: Number.MAX_SAFE_INTEGER });
    expect(rows.next().value).toContain('pstnCallLogRow');
  });

  it('writes one line a row', () => {
    expect(linesOf({}).filter((line) => /[\r\n]/.test(line))).toEqual([]);
  });
});

describe('amounts of money', () => {
  it('keep their digits', () => {
    expect([0, 1, 140, 20_000, 123_456].map((amount) => decimal(amount).digits)).toEqual([
      '0.0',
      '0.0001',
      '0.0140',
      '2.0000',
      '12.3456',
    ]);
    expect(formatRow('smsLogRow', { callCharge: decimal(140), smsUnits: 1 })).toBe(
      '{"@odata.type":"#microsoft.graph.callRecords.smsLogRow","callCharge":0.0140,"smsUnits":1}',
    );
  });

  it('are written with a trailing zero where a row has one', () => {
    expect(linesOf({ kinds: ['pstnCallLogRow'] }).some((line) => /"charge":\d+\.\d{3}0,/.test(line))).toBe(
      true,
    );
  });
});

it('makes some rows of generated calls, each call once: the same people at the same time', () => {
  const options = { ...defaultGenerateOptions, calls: 1000, largest: 10, sessions: false };
  const calls = new Map(
    [...generateLines(options)].map((line) => {
      const call = JSON.parse(line) as Row & { participants_v2: { id: string }[] };
      return [text(call['id']), call] as const;
    }),
  );
  const peopleOf = (id: string) => calls.get(id)!.participants_v2.map((one) => one.id);
  const rows = rowsOf('directRoutingLogRow', options);
  const linked = rows.filter(({ correlationId }) => calls.has(text(correlationId)));
  expect([linked.length > 10, linked.length < rows.length / 2]).toEqual([true, true]);
  expect(new Set(linked.map(({ correlationId }) => correlationId)).size).toBe(linked.length);
  for (const row of linked) {
    const id = text(row['correlationId']);
    expect(peopleOf(id)).toContain(row['userId']);
    expect(Math.abs(at(row['startDateTime']) - at(calls.get(id)!['startDateTime']))).toBeLessThan(15_000);
  }
  const likely = rowsOf('pstnCallLogRow', options).filter((row) =>
    [...calls.values()].some(
      (call) =>
        call['startDateTime'] === row['startDateTime'] &&
        [row['callerNumber'], row['calleeNumber']].some((one) =>
          peopleOf(text(call['id'])).includes(text(one)),
        ),
    ),
  );
  expect(likely.length).toBeGreaterThan(10);
});

describe('the rows of calls', () => {
  const pstn = rowsOf('pstnCallLogRow');
  const routed = rowsOf('directRoutingLogRow');

  it('name no user when a bot had the call', () => {
    const isBots = ({ callType }: Row) => /ucap/i.test(text(callType));
    for (const rows of [pstn, routed]) {
      expect(rows.filter(isBots).length).toBeGreaterThan(5);
      for (const row of rows)
        expect([row['userId'], row['userPrincipalName']].map((one) => one === null)).toEqual([
          isBots(row),
          isBots(row),
        ]);
    }
    expect(pstn.map(({ callType }) => callType)).toEqual(expect.arrayContaining(['ucap_in', 'ucap_out']));
  });

  it('last as long as they say', () => {
    for (const row of [...pstn, ...routed.filter(({ successfulCall }) => successfulCall)])
      expect(at(row['endDateTime']) - at(row['startDateTime'])).toBe(Number(row['duration']) * 1000);
  });

  it('of direct routing either were established or failed', () => {
    const never = '0001-01-01T00:00:00Z';
    expect(new Set(routed.map(({ successfulCall }) => successfulCall))).toEqual(new Set([true, false]));
    for (const row of routed) {
      const { successfulCall, failureDateTime, endDateTime, finalSipCode } = row;
      expect([failureDateTime === never, endDateTime !== null, finalSipCode === 0]).toEqual(
        Array(3).fill(successfulCall),
      );
      expect(at(row['inviteDateTime'])).toBeLessThanOrEqual(at(row['startDateTime']));
      expect(row['correlationId']).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});

it('hides the end of other numbers, and of no own, where the user is in such a country', () => {
  for (const row of [...rowsOf('directRoutingLogRow'), ...rowsOf('smsLogRow')]) {
    const incoming = /In|_in/.test(text(row['callType'] ?? row['smsType']));
    const numbers = [
      row['callerNumber'] ?? row['sourceNumber'],
      row['calleeNumber'] ?? row['destinationNumber'],
    ];
    const [other, own] = incoming ? numbers : numbers.toReversed();
    const { hidesNumbers } = countries[row['userCountryCode'] as keyof typeof countries]; // one of the table's
    expect(other).toMatch(hidesNumbers ? /^\+\d+\*\*\*$/ : /^\+\d+$/);
    expect(own).toMatch(/^\+\d+$/);
  }
});

it('unblocks each user after blocking them', () => {
  const rows = rowsOf('pstnBlockedUsersLogRow');
  for (const [number, row] of rows.entries()) {
    if (number % 2 === 0) continue;
    const before = rows[number - 1]!;
    expect([before['userBlockMode'], row['userBlockMode'], row['userId']]).toEqual([
      'blocked',
      'unblocked',
      before['userId'],
    ]);
    expect(at(before['blockDateTime'])).toBeLessThan(at(row['blockDateTime']));
  }
});

it('reports each user once for a place, a context and a currency', () => {
  const rows = rowsOf('pstnOnlineMeetingDialoutReport', { rows: 1_000 });
  const keys = rows.map(
    (row) => `${text(row['userId'])} ${text(row['usageLocation'])} ${text(row['destinationContext'])}`,
  );
  expect(new Set(keys).size).toBe(1_000);
});
