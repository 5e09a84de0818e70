import { once } from 'node:events';
import { defaultGenerateOptions, generateLines } from '../../emulator/generate/generate.ts';
import { generateLogRows } from '../../emulator/generate/log-rows.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../../base/exit.ts';

export const generate: Command = async ({ settings }, { stdout }) => {
  const { seed, calls, largest, tenant } = settings;
  const options = {
    ...defaultGenerateOptions,
    seed,
    calls,
    largest,
    until: new Date(settings.until),
    tenantId: tenant.toLowerCase(),
  };
  const lists = [generateLines(options), generateLogRows({ ...options, rows: settings['log-rows'] })];
  for (const lines of lists) {
    for (const line of lines) {
      if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
    }
  }
  return exitCodes.done;
};
