/** Formats the roll of a call as CSV, guarded against formulas like every export. */
import { setImmediate } from 'node:timers/promises';
import { rollColumns } from '../../../analysis/roll-columns.ts';
import type { RollPerson } from '../../../analysis/roll.ts';
import { csvEncoder } from '../../../export/csv.ts';

export async function formatRollCsv(people: readonly RollPerson[]): Promise<Buffer> {
  const encoder = csvEncoder({ delimiter: ',', decimal: '.' })(rollColumns, undefined);
  const parts = [await encoder.begin()];
  for (let from = 0; from < people.length; from += encoder.rowsPerRun) {
    const rows = people.slice(from, from + encoder.rowsPerRun);
    parts.push(
      await encoder.encode(rows.map((person) => rollColumns.map(({ cell }) => cell(person) ?? undefined))),
    );
    // Other requests run between two parts.
    await setImmediate();
  }
  return Buffer.concat(parts);
}
