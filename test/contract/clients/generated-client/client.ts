/**
 * client.ts ORIGIN TOKEN CALL SESSION FROM TO: reads by the client that odata2ts generated from our $metadata beside
 * this file. A test generates it, checks the types of both and runs this.
 */
import { FetchClient } from '@odata2ts/http-client-fetch';
import { MicrosoftGraphService } from './MicrosoftGraphService';

const [, , origin = '', token = '', callId = '', sessionId = '', since = '', from = '', to = ''] =
  process.argv;

const http = new FetchClient({ headers: { authorization: `Bearer ${token}` } });
const graph = new MicrosoftGraphService(http, `${origin}/v1.0`);

async function read() {
  const calls = graph.communications().callRecords();
  const call = graph.communications().callRecords(callId);
  const listed = await calls.query((builder, { startDateTime }) =>
    builder.select('id', 'version').filter(startDateTime.ge(since)),
  );
  const expanded = await call.query((builder) =>
    builder.select('id', 'type').expanding('sessions', (sessions) => sessions.expand('segments')),
  );
  const participants = await call.participants_v2().query();
  const session = await call.sessions(sessionId).query();
  const segments = await call.sessions(sessionId).segments().query();
  const organizer = await call.organizer_v2().query();
  const rows = await calls.getPstnCalls({ fromDateTime: from, toDateTime: to });

  // What the generated types say is written out: a member that they do not have would not compile.
  const { id, type, sessions = [] } = expanded.data;
  return {
    listed: listed.data.value.map(({ id, version }) => ({ id, version })),
    call: {
      id,
      type: type.toString(),
      sessions: sessions.map(({ id, segments = [] }) => ({ id, segments })),
    },
    participants: participants.data.value.map(({ id, identity }) => ({
      id,
      name: identity?.user?.displayName ?? null,
    })),
    session: { id: session.data.id, from: session.data.startDateTime, isTest: session.data.isTest },
    segments: segments.data.value.map(({ id, startDateTime }) => ({ id, startDateTime })),
    organizer: organizer.data.id,
    rows: rows.data.value.map(({ id, charge }) => ({ id, charge })),
  };
}

read().then(
  (result) => console.log(JSON.stringify(result)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
