import { describe, expect, it } from 'vitest';
import { postgresDialect } from './postgres/dialect.ts';
import { keyOf } from './postgres/keys.ts';
import { sqliteDialect } from './sqlite/dialect.ts';
import { fieldsOf, selectionOf, statementOf } from './table-sql.ts';

describe('a write', () => {
  it('is a statement with the values in their places', () => {
    const set = { due_ms: 5, end_ticks: undefined };
    expect(
      statementOf(sqliteDialect, { update: 'outbox', where: { outbox_no: 2 }, set, add: { attempts: 1 } }),
    ).toEqual({
      text: 'UPDATE outbox SET due_ms = ?, end_ticks = ?, attempts = attempts + ? WHERE outbox_no = ?',
      values: [5, null, 1, 2],
    });
    expect(statementOf(postgresDialect, { insert: 'endpoint', row: { url: 'u' } })).toEqual({
      text: 'INSERT INTO rollcall.endpoint (url) VALUES ($1)',
      values: ['u'],
    });
  });

  it('replaces the row that has its key', () => {
    const row = { tenant_no: 1, ended_ms: 2, report: '{}', crc: 3 };
    const text =
      'verification (tenant_no, ended_ms, report, crc) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_no) ' +
      'DO UPDATE SET ended_ms = excluded.ended_ms, report = excluded.report, crc = excluded.crc';
    const put = { put: 'verification', row } as const;
    expect(statementOf(sqliteDialect, put)).toEqual({
      text: `INSERT INTO ${text}`,
      values: [1, 2, '{}', 3],
    });
  });

  it('finds a call in PostgreSQL by its key, which tells it from every other', () => {
    const where = { tenant_no: 1, call_id: 'x'.repeat(300) };
    expect(statementOf(postgresDialect, { delete: 'upstream_call', where })).toEqual({
      text: 'DELETE FROM rollcall.upstream_call WHERE tenant_no = $1 AND call_key = $2',
      values: [1, keyOf(where.call_id)],
    });
  });
});

describe('fields of a row', () => {
  const fields = fieldsOf(
    { c: 'upstream_call', s: 'upstream_state' },
    { id: 'c.call_id', start: 'c.start_ticks', attempts: 'c.attempts', note: 's.value?' },
  );

  it('are read by the names of their columns', () => {
    const { list, read, width } = selectionOf(sqliteDialect, fields);
    expect([list, width]).toEqual(['c.call_id, c.start_ticks, c.attempts, s.value', 4]);
    const cells = ['call', 5n, 2n, null];
    expect(read(cells)).toEqual({ id: 'call', start: 5n, attempts: 2, note: undefined });
    expect(read(['before', ...cells], 1)).toEqual({ id: 'call', start: 5n, attempts: 2, note: undefined });
  });

  it('are read where one stands in two columns', () => {
    const { list, read, width } = selectionOf(postgresDialect, fields);
    expect([list, width]).toEqual(['c.call_key, c.long_id, c.start_ticks, c.attempts, s.value', 5]);
    expect(read([keyOf('call'), null, null, 2, 'text'])).toEqual({
      ...{ id: 'call', start: undefined, attempts: 2, note: 'text' },
    });
  });
});
