/** Shows one call: its facts, outcome, completeness and versions, and all people in it. */
import { exitCodes, UsageError } from '../../base/exit.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { readCallInFull } from '../calls/call-in-full.ts';
import { callJson } from '../calls/call-json.ts';
import { callReport } from '../calls/call-report.ts';
import { namedCall } from '../calls/named-call.ts';
import { withSearchIndex } from '../calls/search-index.ts';
import type { Command } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { namedOrAll } from '../named-tenants.ts';

export const show: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const [name = '', ...more] = operands;
  if (name === '' || more.length > 0)
    throw new UsageError(['show: name one call by its id, as rollcall find prints it, or by its join URL.']);
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const ended = await inferRolls(store, terminal);
  const tenants = await namedOrAll(read, store);
  const call = await withSearchIndex(store, settings.quiet, terminal, async () => {
    const { tenantId, callId } = await namedCall(store, tenants, name);
    return readCallInFull(store, tenantId, callId);
  });
  if (call === undefined) throw new CommandFailure('failed', ['The call was dropped meanwhile.']);
  terminal.stdout.write(settings.json ? callJson(call) : callReport(call, terminal.stdout));
  return ended(exitCodes.done);
};
