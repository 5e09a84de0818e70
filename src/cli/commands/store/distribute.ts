import { distributeStore } from '../../../store/postgres/distribute.ts';
import type { Command } from '../../command.ts';
import { formatTable } from '../../table.ts';
import { exitCodes, UsageError } from '../../../base/exit.ts';

export const storeDistribute: Command = async ({ settings, operands }, { stdout, stderr, clock }) => {
  if (operands.length > 0)
    throw new UsageError([`${operands[0]}: store distribute takes no operands; --store names the store.`]);
  if (!/^postgres(ql)?:/.test(settings.store))
    throw new UsageError([
      '--store: only a postgres: store is distributed; name the coordinator of a Citus cluster.',
    ]);
  const placed = await distributeStore({
    url: settings.store,
    clock,
    onTable: (table) => {
      if (!settings.quiet) stderr.write(`Distributing ${table}\n`);
    },
  });
  if (settings.json)
    stdout.write(
      `${JSON.stringify({ tables: placed.map(({ by, ...one }) => ({ ...one, by: by ?? null })) })}\n`,
    );
  else
    stdout.write(
      formatTable(
        placed.map(({ table, by, moved }) => [
          table,
          by === undefined ? 'on every node' : `by ${by}`,
          moved ? 'distributed' : 'unchanged',
        ]),
        stdout,
      ),
    );
  return exitCodes.done;
};
