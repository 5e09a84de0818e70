/** Reads one large call page by page on one connection: compares the cost of a page at the start and at the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callIds } from './data.ts';
import type { Row } from './beside.ts';

export async function benchWalk(
  oursPort: number,
  barePort: number,
  headers: Readonly<Record<string, string>>,
  size: number,
  rounds: number,
): Promise<Row[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = `http://127.0.0.1:${oursPort}/v1.0/communications/callRecords/${callIds.walk}/participants_v2`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const walk = async () => {
    const times: number[] = [];
    let body = '';
    for (let url: string | undefined = first; url !== undefined;) {
      const begun = performance.now();
      body = await text(url, agent, headers);
      times.push(performance.now() - begun);
      url = (JSON.parse(body) as { '@odata.nextLink'?: string })['@odata.nextLink'];
    }
    return times;
  };
  const bareWalk = async (pages: number) => {
    const times: number[] = [];
    for (let i = 0; i < pages; i++) {
      const begun = performance.now();
      const body = await text(`http://127.0.0.1:${barePort}/`, agent, headers);
      times.push(performance.now() - begun);
      JSON.parse(body);
    }
    return times;
  };
  try {
    const file = join(folder, 'body');
    writeFileSync(file, await text(first, agent, headers));
    await fetch(`http://127.0.0.1:${barePort}/${encodeURIComponent(JSON.stringify({ file }))}`, {
      method: 'PUT',
    });
    const ours: number[][] = [];
    const bare: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await walk());
      bare.push(await bareWalk(ours[0]!.length));
    }
    const perPage = (walks: number[][], from: number, to: number) => {
      const pages = walks.flatMap((times) =>
        times.slice(Math.floor(times.length * from), Math.ceil(times.length * to)),
      );
      return pages.sort((a, b) => a - b)[pages.length >> 1]!;
    };
    const start = perPage(ours, 0, 0.2);
    const end = perPage(ours, 0.8, 1);
    const all = perPage(ours, 0, 1);
    const bareAll = perPage(bare, 0, 1);
    return [
      {
        case: `walk of ${size}, a page`,
        ours: 1000 / all,
        bare: 1000 / bareAll,
        ratio: bareAll / all,
        goal: 0.5,
        memoryMb: 0,
        p99Ms: 0,
        note: `${start.toFixed(2)} ms a page in the first fifth, ${end.toFixed(2)} ms in the last`,
      },
    ];
  } finally {
    agent.destroy();
    rmSync(folder, { recursive: true });
  }
}

function text(url: string, agent: Agent, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(Buffer.concat(pieces).toString()));
      response.on('error', reject);
    }).on('error', reject);
  });
}
