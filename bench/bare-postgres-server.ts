/** The baseline on PostgreSQL: a node:http server that reads a page's block with `pg` and writes it. */
import { createServer } from 'node:http';
import { constants, inflateRawSync } from 'node:zlib';
import pg from 'pg';
import { listen } from './listen.ts';

const pool = new pg.Pool({ connectionString: process.argv[2]!, max: 10 });
const { rows } = await pool.query<{ key: Buffer; list: string; tenant: number }>(
  'SELECT call_key AS key, list_no AS list, tenant_no AS tenant FROM rollcall.participant_block WHERE block_no = 0',
);
const places = new Map(rows.map(({ key, list, tenant }) => [key.toString('hex', 1), [tenant, key, list]]));
const read = {
  name: 'block',
  text: 'SELECT body FROM rollcall.participant_block WHERE tenant_no = $1 AND call_key = $2 AND list_no = $3 AND block_no = 0',
};

const server = createServer((request, response) => {
  const [, id = ''] = /callRecords\/([^/]+)/.exec(request.url ?? '') ?? [];
  void pool
    .query<{ body: Buffer }>({ ...read, values: places.get(id.replaceAll('-', ''))! })
    .then(({ rows: [row] }) => {
      const isPacked = request.headers['accept-encoding'] === 'gzip';
      // The packed block ends with a flush, not with an end marker.
      const body = isPacked ? row!.body : inflateRawSync(row!.body, { finishFlush: constants.Z_SYNC_FLUSH });
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
      });
      response.end(body);
    });
});
listen(server);
process.once('SIGTERM', () => process.exit());
