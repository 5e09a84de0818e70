/** Finds calls, or rows of a log of phone calls, and prints them as a table or as JSON. */
import type { Command } from '../command.ts';
import { findQuestion } from '../calls/find-question.ts';

export const find: Command = async (read, terminal) => {
  const question = findQuestion(read, terminal.clock.now());
  // Imported on request, so that each search imports only its own modules.
  return read.settings.what === 'calls'
    ? (await import('../calls/print-calls.ts')).printCalls(read, question, terminal)
    : (await import('../calls/print-phone-rows.ts')).printPhoneRows(read, question, terminal);
};
