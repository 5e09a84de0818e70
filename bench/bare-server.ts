/** The baseline: a node:http server that writes one body from memory for every request. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { listen } from './listen.ts';

let body = Buffer.alloc(0);
let headers: Record<string, string> = {};

const server = createServer((request, response) => {
  if (request.method === 'PUT') {
    const { file, encoding } = JSON.parse(decodeURIComponent(request.url!.slice(1))) as {
      file: string;
      encoding?: string;
    };
    body = readFileSync(file);
    headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
    if (encoding !== undefined) headers['Content-Encoding'] = encoding;
    response.end();
    return;
  }
  response.writeHead(200, headers);
  response.end(body);
});
listen(server);
