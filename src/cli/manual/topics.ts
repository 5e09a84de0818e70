/** Every page of the manual by what it is of. */
import { keepingManual } from './keeping.ts';
import type { Manual, Topic } from './manual.ts';
import { recordsManual } from './records.ts';
import { serversManual } from './servers.ts';
import { shellManual } from './shell.ts';
import { storesManual } from './stores.ts';

const { dev, serve, token } = serversManual;

/** In the order of the overview. */
export const manual: Readonly<Record<Topic, Manual>> = {
  dev,
  serve,
  ...keepingManual,
  ...recordsManual,
  token,
  ...storesManual,
  ...shellManual,
};

export const topics = Object.keys(manual) as readonly Topic[]; // the table's own keys

export function isTopic(text: string): text is Topic {
  return Object.hasOwn(manual, text);
}

/** `store copy` is an action of the command `store`. */
export function isAction(topic: Topic): topic is Extract<Topic, `store ${string}`> {
  return topic.startsWith('store ');
}
