import { describe, expect, it } from 'vitest';
import { postgresDialect } from './postgres/dialect.ts';
import { keyOf } from './postgres/keys.ts';
import { sqliteDialect } from './sqlite/dialect.ts';
import { fieldsOf, selectionOf, statementsOf } from './table-sql.ts';

describe('a write', () => {
  it('is a statement with the values in their places', () => {
    const set = { due_ms: 5, end_ticks: undefined };
    expect(
      statementsOf(sqliteDialect, { update: 'outbox', where: { outbox_no: 2 }, set, add: { attempts: 1 } }),
    ).toEqual([
      {
        text: 'UPDATE outbox SET due_ms = ?, end_ticks = ?, attempts = attempts + ? WHERE outbox_no = ?',
        values: [5, null, 1, 2],
      },
    ]);
    expect(statementsOf(postgresDialect, { insert: 'endpoint', row: { url: 'u' } })).toEqual([
      { text: 'INSERT INTO rollcall.endpoint (url) VALUES ($1)', values: ['u'] },
    ]);
  });

  it('replaces the rows that have its keys', () => {
    const rows = [1, 2].map((no) => ({ tenant_no: no, ended_ms: 2, report: '{}', crc: 3 }));
    const put = { put: 'verification', rows } as const;
    const replaced =
      'ON CONFLICT (tenant_no) DO UPDATE SET ended_ms = excluded.ended_ms, report = excluded.report, crc = excluded.crc';
    const text = `INSERT INTO verification (tenant_no, ended_ms, report, crc) VALUES (?, ?, ?, ?) ${replaced}`;
    expect(statementsOf(sqliteDialect, put)).toEqual([
      { text, values: [1, 2, '{}', 3] },
      { text, values: [2, 2, '{}', 3] },
    ]);
    const [together, ...others] = statementsOf(postgresDialect, put);
    expect(together).toEqual({
      text: expect.stringContaining(replaced) as string,
      values: [
        [1, 2],
        [2, 2],
        ['{}', '{}'],
        [3, 3],
      ],
    });
    expect(others).toEqual([]);
  });

  it('finds a call in PostgreSQL by its key, which tells it from every other', () => {
    const where = { tenant_no: 1, call_id: 'x'.repeat(300) };
    expect(statementsOf(postgresDialect, { delete: 'upstream_call', where })).toEqual([
      {
        text: 'DELETE FROM rollcall.upstream_call WHERE tenant_no = $1 AND call_key = $2',
        values: [1, keyOf(where.call_id)],
      },
    ]);
  });
});

describe('fields of a row', () => {
  const fields = fieldsOf(
    { c: 'upstream_call', s: 'upstream_state' },
    { id: 'c.call_id', start: 'c.start_ticks', attempts: 'c.attempts', note: 's.value?' },
  );

  it('are read by the names of their columns', () => {
    const { list, read } = selectionOf(sqliteDialect, fields);
    expect(list).toBe('c.call_id, c.start_ticks, c.attempts, s.value');
    const cells = ['call', 5n, 2n, null];
    expect(read(cells)).toEqual({ id: 'call', start: 5n, attempts: 2, note: undefined });
  });

  it('are read where one stands in two columns', () => {
    const { list, read } = selectionOf(postgresDialect, fields);
    expect(list).toBe('c.call_key, c.long_id, c.start_ticks, c.attempts, s.value');
    expect(read([keyOf('call'), null, null, 2, 'text'])).toEqual({
      ...{ id: 'call', start: undefined, attempts: 2, note: 'text' },
    });
  });
});
