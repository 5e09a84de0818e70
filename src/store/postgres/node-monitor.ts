/**
 * Checks whether the nodes of a Citus cluster answer. It asks the coordinator, because a process may not reach other servers,
 * on a separate connection, because all of the pool may wait for a silent node.
 *
 * @see https://docs.citusdata.com/en/stable/develop/api_metadata.html (pg_dist_node)
 */
import type { ClientBase } from 'pg';
import type { StoreServer } from '../store.ts';
import type { HostChoice } from './host-choice.ts';
import { HostProbe } from './host-state.ts';
import type { PrimaryStateReader } from './primary-state.ts';
import { codeOf } from './host-errors.ts';

export interface NodeChange {
  readonly server: string;
  readonly isLost: boolean;
}

interface Node {
  readonly host: string;
  readonly port: number;
}

/** The interval of the probes. Real time: servers do not follow the clock of `dev`. */
const probeMs = 5000;
/** Limits for the coordinator to reach a node, for the answer of a connected node, and for the coordinator itself. */
const [connectMs, statementMs, answerMs] = [1500, 2000, 4000];
const limits = `SET citus.node_connection_timeout = ${connectMs}; SET statement_timeout = ${statementMs}`;
/** Nodes that hold rows or copies of tables; not the coordinator, which is the host, and no disabled node. */
const nodes = `SELECT nodename AS host, nodeport AS port FROM pg_dist_node
  WHERE isactive AND noderole = 'primary' AND groupid <> 0 ORDER BY groupid`;
const answers = 'SELECT citus_check_connection_to_node($1, $2) AS answers';
const tookTooLong = '57014';

export class NodeMonitor {
  readonly #watch: PrimaryStateReader;
  readonly #hosts: HostChoice;
  readonly #onChange: (change: NodeChange) => void;
  readonly #probe = new HostProbe();
  readonly #timer: NodeJS.Timeout;
  /** Whether each node is lost, by host and port. */
  #lost: ReadonlyMap<string, boolean> = new Map();
  #probing: Promise<void> | undefined;

  constructor(watch: PrimaryStateReader, hosts: HostChoice, onChange: (change: NodeChange) => void) {
    this.#watch = watch;
    this.#hosts = hosts;
    this.#onChange = onChange;
    this.#begin();
    this.#timer = setInterval(() => this.#begin(), probeMs).unref();
  }

  /** Returns the nodes; none where the store is on one server. */
  get servers(): readonly StoreServer[] {
    return [...this.#lost].map(([server, isLost]) => ({ server, role: 'node', isUsed: !isLost }));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#probe.close();
    await this.#probing;
  }

  #begin(): void {
    // While the coordinator does not answer, the state of the nodes is unknown, and requests report the outage.
    this.#probing ??= this.#probeNodes()
      .catch(() => undefined)
      .finally(() => (this.#probing = undefined));
  }

  async #probeNodes(): Promise<void> {
    const found = new Map<string, boolean>();
    const { isCluster } = await this.#watch.state();
    if (isCluster) {
      const { url } = await this.#hosts.current();
      const ask = <T>(work: (client: ClientBase) => Promise<T>) => this.#probe.ask(url, answerMs, work);
      await ask((client) => client.query(limits));
      const { rows } = await ask((client) => client.query<Node>(nodes));
      for (const node of rows) {
        const isLost = !(await ask((client) => doesAnswer(client, node)));
        found.set(`${node.host}:${node.port}`, isLost);
      }
    }
    const before = this.#lost;
    this.#lost = found;
    for (const [server, isLost] of found)
      if (isLost !== (before.get(server) ?? false)) this.#onChange({ server, isLost });
  }
}

async function doesAnswer(client: ClientBase, { host, port }: Node): Promise<boolean> {
  try {
    const { rows } = await client.query<{ answers: boolean }>(answers, [host, port]);
    return rows[0]?.answers === true;
  } catch (error) {
    if (codeOf(error) === tookTooLong) return false;
    throw error;
  }
}
