/** Wraps a connection to one host that can be destroyed without an answer of the host. */
import { Socket } from 'node:net';
import pg from 'pg';
import type { ClientConfig } from 'pg';

/** How long a host may take to close a connection. */
const closeMs = 1000;

export class HostClient extends pg.Client {
  constructor(config: ClientConfig) {
    super(config);
    // It may break between two statements: the next one fails.
    this.on('error', () => undefined);
  }

  /** What has come from the host: when it grows, the host lives. */
  get bytesRead(): number {
    const { stream } = this.connection;
    return stream instanceof Socket ? stream.bytesRead : 0;
  }

  /** Breaks the connection: pending statements get the error. */
  abandon(error?: Error): void {
    this.connection.stream.destroy(error);
  }

  override end(): Promise<void>;
  override end(onEnd: (error: Error) => void): void;
  override end(onEnd?: (error: Error) => void): Promise<void> | undefined {
    // The driver waits for the host to close; a silent one never does.
    const timer = setTimeout(() => this.abandon(), closeMs);
    const ended = super.end().finally(() => clearTimeout(timer));
    if (onEnd === undefined) return ended;
    void ended.then(onEnd as () => void, onEnd);
    return undefined;
  }
}

const ticksOfLimit = 5;

/**
 * Calls back after a time in which this process could run: while it is kept from running, no answer reaches it either.
 *
 * @returns Ends the wait.
 */
export function afterRunning(ms: number, onOver: () => void): () => void {
  let left = ticksOfLimit;
  const timer = setInterval(() => {
    if (--left > 0) return;
    clearInterval(timer);
    onOver();
  }, ms / ticksOfLimit);
  return () => clearInterval(timer);
}
