/**
 * Queries the position and the revision of the primary, one query for all callers at a time.
 *
 * A caller gets the result of a query that was sent after its call, so that it sees what was written before; callers during
 * a query share the next one. A busy server therefore sends a few thousand queries a second at most, however many requests
 * it answers (docs/decisions/0017-replicas.md).
 */
import { Connection } from './connection.ts';
import type { HostChoice } from './host-choice.ts';
import type { PrimaryState } from './host-state.ts';

export class PrimaryStateReader {
  readonly #connection: Connection;
  /** Number of connections opened so far: results of different connections are not comparable. */
  #connections = 0;
  /** Facts of the server at the current connection. */
  #server: (Pick<PrimaryState, 'isCluster' | 'identity'> & { readonly connection: number }) | undefined;
  #last = '';
  #revision = 0;
  #underWay: Promise<PrimaryState> | undefined;
  #next: Promise<PrimaryState> | undefined;

  /**
   * Creates the query.
   *
   * @param hosts The hosts of the store.
   */
  constructor(url: string, hosts: HostChoice) {
    this.#connection = new Connection(url, { size: 1, hosts, onConnect: () => this.#connections++ });
  }

  /**
   * Returns the state of the primary.
   *
   * @throws StoreError
   */
  state(): Promise<PrimaryState> {
    if (this.#next !== undefined) return this.#next;
    if (this.#underWay === undefined) return this.#begin();
    const begin = () => {
      this.#next = undefined;
      return this.#begin();
    };
    return (this.#next = this.#underWay.then(begin, begin));
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #begin(): Promise<PrimaryState> {
    const query = this.#query().finally(() => {
      if (this.#underWay === query) this.#underWay = undefined;
    });
    this.#underWay = query;
    return query;
  }

  async #query(): Promise<PrimaryState> {
    const [counters, position] = (await this.#connection.get('primaryState'))!; // the query always returns a row
    const connection = this.#connections;
    if (this.#server?.connection !== connection) {
      const isCluster = (await this.#connection.get('isCluster'))?.[0] === 1;
      this.#server = { connection, isCluster, identity: await this.#connection.identity() };
    }
    const text = `${this.#connections} ${String(counters)}`;
    if (text !== this.#last) this.#revision++;
    this.#last = text;
    const { isCluster, identity } = this.#server;
    return {
      revision: isCluster ? undefined : this.#revision,
      isCluster,
      identity,
      position: position as bigint,
    };
  }
}
