/** Creates a database on every node of a Citus cluster and distributes its tables. */
import pg from 'pg';
import { systemClock } from '../../src/base/clock.ts';
import { distributeStore } from '../../src/store/postgres/distribute.ts';

interface Node {
  readonly host: string;
  readonly port: number;
  readonly isCoordinator: boolean;
}

/** @param cluster URL of a database of the coordinator that knows the other nodes */
export async function createOnCluster(cluster: string, name: string): Promise<string> {
  const nodes = await nodesOf(cluster);
  for (const node of nodes) {
    await run(urlOf(cluster, node), `CREATE DATABASE ${name}`);
    await run(urlOf(cluster, node, name), 'CREATE EXTENSION citus');
  }
  const coordinator = nodes.find(({ isCoordinator }) => isCoordinator)!; // it answered
  const url = urlOf(cluster, coordinator, name);
  await run(url, `SELECT citus_set_coordinator_host('${coordinator.host}', ${coordinator.port})`);
  for (const { host, port, isCoordinator } of nodes)
    if (!isCoordinator) await run(url, `SELECT citus_add_node('${host}', ${port})`);
  await run(url, `ALTER DATABASE ${name} SET citus.shard_count = 4`);
  await distributeStore({ url, clock: systemClock, onTable: () => undefined });
  return url;
}

export async function dropOnCluster(cluster: string, name: string): Promise<void> {
  for (const node of await nodesOf(cluster))
    await run(urlOf(cluster, node), `DROP DATABASE ${name} WITH (FORCE)`);
}

async function nodesOf(cluster: string): Promise<readonly Node[]> {
  const rows = await run<{ host: string; port: number; group: number }>(
    cluster,
    'SELECT nodename AS host, nodeport AS port, groupid AS group FROM pg_dist_node ORDER BY groupid',
  );
  return rows.map(({ host, port, group }) => ({ host, port, isCoordinator: group === 0 }));
}

function urlOf(cluster: string, { host, port }: Node, database?: string): string {
  const url = new URL(cluster);
  url.hostname = host;
  url.port = String(port);
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

async function run<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
