/** Formats the roll of a call as CSV, guarded against formulas like every export. */
import { setImmediate } from 'node:timers/promises';
import { rollColumns } from '../../../analysis/roll-columns.ts';
import type { RollPerson } from '../../../analysis/roll.ts';
import { CsvFile } from '../csv-file.ts';

const peopleAtOnce = 1000;

export async function formatRollCsv(people: readonly RollPerson[]): Promise<Buffer> {
  const file = new CsvFile(rollColumns);
  for (let from = 0; from < people.length; from += peopleAtOnce) {
    await file.add(people.slice(from, from + peopleAtOnce));
    await setImmediate(); // lets other requests run
  }
  return file.bytes();
}
