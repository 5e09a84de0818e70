import { once } from 'node:events';
import { generateLines } from '../../generate/generate.ts';
import { generateLogRows } from '../../generate/log-rows.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit.ts';

export const generate: Command = async ({ settings }, { stdout }) => {
  const { seed, calls, users, largest, days, tenant } = settings;
  const options = {
    seed,
    calls,
    users,
    largest,
    days,
    until: new Date(settings.until),
    tenantId: tenant.toLowerCase(),
    sessions: !settings['no-sessions'],
    media: !settings['no-media'],
  };
  const lists = [generateLines(options), generateLogRows({ ...options, rows: settings['log-rows'] })];
  for (const lines of lists) {
    for (const line of lines) {
      if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
    }
  }
  return exitCodes.done;
};
