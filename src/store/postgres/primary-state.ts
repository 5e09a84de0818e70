/**
 * Where the primary stands: asked for once for all who want to know at a time.
 *
 * Whoever asks is answered by a question that was sent afterwards, so what was written before is seen; those who ask
 * while one is under way share the next. So a busy server asks no more than a few thousand times a second, however many
 * requests it answers (docs/decisions/0017-replicas.md).
 */
import { Connection } from './connection.ts';
import type { HostChoice } from './host-choice.ts';
import type { Identity } from './host-state.ts';

export interface PrimaryState {
  /**
   * The same number means that nothing was written between; `undefined` where the server cannot tell: on a cluster others
   * write than this one.
   */
  readonly revision: number | undefined;
  /** Others than this server hold rows. */
  readonly isCluster: boolean;
  /** Identifies its data; the same object for one connection. Absent where the server does not report it. */
  readonly identity: Identity | undefined;
  /** End of the log that holds everything that is visible, as a count of bytes. */
  readonly position: bigint;
}

export class PrimaryWatch {
  readonly #connection: Connection;
  /** Connections made: what one said is not held against what another says. */
  #connections = 0;
  /** Of the connection that was looked at. */
  #server: (Pick<PrimaryState, 'isCluster' | 'identity'> & { readonly connection: number }) | undefined;
  #told = '';
  #revision = 0;
  #underWay: Promise<PrimaryState> | undefined;
  #next: Promise<PrimaryState> | undefined;

  /** @param hosts Of the store. */
  constructor(url: string, hosts: HostChoice) {
    this.#connection = new Connection(url, { size: 1, hosts, onConnect: () => this.#connections++ });
  }

  /** @throws StoreError */
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
    const asked = this.#ask().finally(() => {
      if (this.#underWay === asked) this.#underWay = undefined;
    });
    this.#underWay = asked;
    return asked;
  }

  async #ask(): Promise<PrimaryState> {
    const [told, position] = (await this.#connection.get('primaryState'))!; // always a row
    const connection = this.#connections;
    if (this.#server?.connection !== connection) {
      const isCluster = (await this.#connection.get('isCluster'))?.[0] === 1;
      this.#server = { connection, isCluster, identity: await this.#connection.identity() };
    }
    const text = `${this.#connections} ${String(told)}`;
    if (text !== this.#told) this.#revision++;
    this.#told = text;
    const { isCluster, identity } = this.#server;
    return {
      revision: isCluster ? undefined : this.#revision,
      isCluster,
      identity,
      position: position as bigint,
    };
  }
}
