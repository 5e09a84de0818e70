/** Analyzes large calls one at a time, because memory grows with the call; the same requests share one result. */
import type { ServerResponse } from 'node:http';
import { ClientGone } from '../../../graph/read-body.ts';
import type { Edition } from '../../../store/edition.ts';

/** A call is large with so many participants and sessions. */
const usualLargeSize = 5000;

export function entryCountOf({ participants, found, sessions }: Edition): number {
  return [participants, found, sessions].reduce((sum, list) => sum + (list?.count ?? 0), 0);
}

type Client = Pick<ServerResponse, 'destroyed'>;

interface Analysis {
  readonly clients: Client[];
  readonly result: Promise<unknown>;
}

export class LargeCalls {
  readonly #size: number;
  /** Analyses that run or wait, by edition and name. */
  readonly #underWay = new Map<string, Analysis>();
  #last: Promise<unknown> = Promise.resolve();

  /** @param size The number of participants and sessions of a large call. */
  constructor(size = usualLargeSize) {
    this.#size = size;
  }

  /** Runs an analysis, in its turn if the call is large, unless all its clients have disconnected. @throws ClientGone */
  analyze<T>(edition: Edition, name: string, client: Client, work: () => Promise<T>): Promise<T> {
    if (entryCountOf(edition) < this.#size) return work();
    const key = JSON.stringify([edition.tenantId, edition.edition, edition.digest, name]);
    const same = this.#underWay.get(key);
    if (same !== undefined) {
      same.clients.push(client);
      return same.result as Promise<T>; // the same name has the same type
    }
    const clients = [client];
    const run = () =>
      clients.every(({ destroyed }) => destroyed) ? Promise.reject(new ClientGone()) : work();
    const result = this.#last.then(run).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, { clients, result });
    this.#last = result.catch(() => undefined); // a failed analysis does not stop the next
    return result;
  }
}
