/** Defines the table with one row per person of a call, with times, affiliation, devices and failures. */
import type { RecordParticipant, RecordSession } from '../../analysis/records.ts';
import { RollBuilder } from '../../analysis/roll.ts';
import { rollColumns } from '../../analysis/roll-columns.ts';
import { callCells, callColumns, type Table } from '../table.ts';

export const rollTable: Table = {
  columns: [...callColumns, ...rollColumns.map(({ name, type }) => ({ name: camelCase(name), type }))],
  parts: ['participants', 'found', 'sessions', 'segments'],
  async *rows(call) {
    const builder = new RollBuilder();
    // The analysis reads received objects, and checks each member where it is used.
    for await (const one of call.participants())
      builder.addParticipants([one as unknown as RecordParticipant]);
    for await (const one of call.inferred()) builder.addParticipants([one as unknown as RecordParticipant]);
    for await (const { session, segments } of call.sessionsWithSegments())
      builder.addSessions([{ ...session, segments } as unknown as RecordSession]);
    for (const person of builder.people(call.edition.tenantId))
      yield [...callCells(call), ...rollColumns.map(({ cell }) => cell(person) ?? undefined)];
  },
};

/** Returns a name as the columns of the other tables are written: `presentSeconds`. */
function camelCase(words: string): string {
  return words.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}
