/** `store …`: what a store is, apart from the calls in it. */
import type { Command } from '../command.ts';
import { UsageError } from '../exit.ts';
import { storeBackup } from './store/backup.ts';
import { storeCopy } from './store/copy.ts';
import { storeDistribute } from './store/distribute.ts';
import { storeInfo } from './store/info.ts';

const actions: Readonly<Record<string, Command>> = {
  info: storeInfo,
  copy: storeCopy,
  backup: storeBackup,
  distribute: storeDistribute,
};

export const store: Command = (read, terminal) => {
  const [name = '', ...operands] = read.operands;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) {
    const known = Object.keys(actions).join(', ');
    throw new UsageError([
      name === ''
        ? `store: say what: ${known}.`
        : `store ${name}: there is no such action. There are ${known}.`,
    ]);
  }
  return action({ ...read, operands }, terminal);
};
