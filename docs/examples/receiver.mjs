/**
 * A webhook receiver that keeps the newest version of each call it is notified about. It answers 503 while it cannot read a
 * record, so that Graph sends the notification again.
 */
import { createServer } from 'node:http';

export function createReceiver({ graph, token, clientState }) {
  const records = new Map();

  async function fetchRecord(id) {
    const answer = await fetch(`${graph}/v1.0/communications/callRecords/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) return false;
    const record = await answer.json();
    if (record.version > (records.get(id)?.version ?? 0)) records.set(id, record);
    return true;
  }

  const server = createServer(async (request, response) => {
    const validationToken = new URL(request.url, 'http://receiver').searchParams.get('validationToken');
    if (validationToken !== null) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(validationToken);
      return;
    }
    let text = '';
    for await (const piece of request) text += piece;
    const notifications = JSON.parse(text).value.filter((one) => one.clientState === clientState);
    const fetched = await Promise.all(notifications.map((one) => fetchRecord(one.resourceData.id)));
    response.writeHead(fetched.every(Boolean) ? 202 : 503).end();
  });
  return { server, records };
}
