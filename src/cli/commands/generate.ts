import { once } from 'node:events';
import { generateLines } from '../../generate/generate.ts';
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
  for (const line of generateLines(options)) {
    if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
  }
  return exitCodes.done;
};
