/** Runs the actions of `store`, which concern a store as a whole. */
import type { Command } from '../command.ts';
import { UsageError } from '../../base/exit.ts';
import { nearest } from '../nearest.ts';
import { takes } from '../options.ts';

/** Each action imports only its own modules. */
const actions: Readonly<Record<string, () => Promise<Command>>> = {
  info: async () => (await import('./store/info.ts')).storeInfo,
  copy: async () => (await import('./store/copy.ts')).storeCopy,
  backup: async () => (await import('./store/backup.ts')).storeBackup,
  distribute: async () => (await import('./store/distribute.ts')).storeDistribute,
};

export const store: Command = async (read, terminal) => {
  const [name = '', ...operands] = read.operands;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const known = Object.keys(actions).join(', ');
    throw new UsageError([
      name === ''
        ? `store: say what: ${known}.`
        : `store ${name}: there is no such action.${meant(name)} There are ${known}.`,
    ]);
  }
  const foreign = [...read.origins].filter(([option, origin]) => origin === 'flag' && !takes(option, name));
  if (foreign.length > 0)
    throw new UsageError(
      foreign.map(
        ([option]) => `--${option}: store ${name} has no such option. See rollcall store ${name} --help.`,
      ),
    );
  return (await action())({ ...read, operands }, terminal);
};

function meant(name: string): string {
  const near = nearest(name, Object.keys(actions));
  return near === undefined ? '' : ` Did you mean ${near}?`;
}
