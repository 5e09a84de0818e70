/** Requests everything of another tenant, by every route, key, skip token, ETag, batch and search. */
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';
import { type Attack, Findings } from './attack.ts';

const otherTenant = '99999999-9999-4999-8999-999999999999';
/** Stands in every record of the attacked tenant, and nowhere else. */
const mark = 'SECRETOFATTACKED';
const calls = '/v1.0/communications/callRecords';

/** Ids of people and sessions are the same in both tenants; names, links and versions are not. */
function recordsOf(name: string, ids: readonly string[]) {
  const roll = participants(300).map(({ id }) =>
    aParticipant(id, { identity: { user: { id, displayName: `${name} ${id}` } } }),
  );
  const phone = { id: '+49301234567', displayName: `${name} phone` };
  roll.push(aParticipant('phone', { identity: { phone } }));
  const sessions = Array.from({ length: 70 }, (_, i) =>
    aSession(`session-${i}`, `participant-${i}`, undefined, { callee: { name } }),
  );
  return ids.map((id) =>
    aRecord(id, { participants_v2: roll, sessions, joinWebUrl: `https://teams.example/${name}` }),
  );
}

function pathsOf(id: string): string[] {
  const own = [
    ...['', '?$expand=participants_v2', '?$expand=sessions($expand=segments)', '/participants_v2'],
    ...['/participants_v2/participant-1', "/participants_v2('participant-1')", '/participants_v2/$count'],
    ...['/organizer_v2', '/sessions', '/sessions?$expand=segments', '/sessions/session-1'],
    ...["/sessions('session-1')/segments", '/sessions/session-1/segments/segment-1'],
  ];
  return [
    ...own.map((path) => `${calls}/${id}${path}`),
    `${calls}('${id}')`,
    `/beta/communications/callRecords/${id}/participants_v2`,
    `/rollcall/callRecords/${id}/versions`,
    `/rollcall/callRecords/${id}/completeness`,
    `/rollcall/calls/${id}/summary`,
    `/rollcall/calls/${id}/roll`,
    `/rollcall/calls/${id}/roll?format=csv`,
    `/rollcall/calls/${id}/quality`,
    `/rollcall/calls/${id}/quality?streams=all`,
    `/rollcall/calls/${id}/quality?person=1`,
    `/rollcall/callRecords/${id}/versions/compare`,
  ];
}

const listPaths = [
  calls,
  `${calls}/$count`,
  `${calls}?$filter=participants_v2/any(p:p/id eq 'participant-1')`,
  `${calls}?$filter=startDateTime ge 2026-01-01T00:00:00Z`,
  '/rollcall/calls',
  `/rollcall/calls?person=${mark}`,
  '/rollcall/calls?person=participant-1&with=participant-2&$count=true',
  '/rollcall/calls?sort=-people&$top=1',
  '/rollcall/calls?format=csv&$top=1',
  '/rollcall/calls?external=unknown',
  '/rollcall/people/participant-1?from=2026-01-01&$top=1',
  '/rollcall/numbers/+49301234567?from=2026-01-01&$top=1',
  '/rollcall/logs/pstn',
  `/rollcall/calls?joinUrl=https://teams.example/${mark}`,
  '/rollcall/statistics?from=2026-01-01T00:00:00Z',
  '/rollcall/status',
  '/rollcall/completeness',
  '/v1.0/subscriptions',
  '/metrics',
  '/readyz',
];

const headerSets: readonly Record<string, string>[] = [
  {},
  { prefer: 'omit-values=nulls' },
  { prefer: 'rollcall.as-of=1' },
  { prefer: 'rollcall.as-of=2027-01-01T00:00:00Z' },
  { prefer: 'odata.maxpagesize=1' },
  { accept: 'application/json;odata.metadata=full' },
  { 'accept-encoding': 'identity' },
];

export const otherTenants: Attack = {
  name: 'tenants',
  promise: "No route, key, skip token, ETag, batch or search gives one tenant anything of another's.",
  count: 4000,
  minutes: 1,
  async run({ count, signal }) {
    const findings = new Findings();
    await using server = await startWorkersServer({ workers: 2 });
    await server.import(recordsOf(mark, ['both', 'theirs', ...manyIds()]));
    await server.import(recordsOf('OWN', ['both', 'own']), otherTenant);
    const attacked = `Bearer ${await server.token()}`;
    const attacker = `Bearer ${await server.token({ tenantId: otherTenant })}`;
    const paths = [...pathsOf('both'), ...pathsOf('theirs'), ...listPaths];
    for (const path of paths) {
      for (const headers of headerSets) {
        if (signal.aborted || findings.attempts >= count) return findings;
        await askBoth(server, path, headers, { attacked, attacker }, findings);
      }
    }
    if (findings.counts['answers that hold what is attacked'] === undefined) {
      findings.fault('the attacked tenant got none of its own data: nothing was compared');
    }
    return findings;
  },
};

function manyIds(): string[] {
  return Array.from({ length: 70 }, (_, i) => `theirs-${i}`);
}

interface Tokens {
  readonly attacked: string;
  readonly attacker: string;
}

/** The owner asks first and between, so that what is cached for it could be served to the other. */
async function askBoth(
  server: WorkersServer,
  path: string,
  headers: Record<string, string>,
  tokens: Tokens,
  findings: Findings,
): Promise<void> {
  const own = await read(server.get(path, { ...headers, authorization: tokens.attacked }));
  if (own.text.includes(mark)) findings.add('answers that hold what is attacked');
  const asked = `${path} ${JSON.stringify(headers)}`;
  const check = (how: string, text: string) => {
    findings.add(how);
    if (text.includes(mark)) findings.fault(`${how}: ${asked}`);
  };
  const other = await read(server.get(path, { ...headers, authorization: tokens.attacker }));
  check('answers to another tenant', other.text);
  if (path.includes('theirs') && other.status === 200) findings.fault(`200 to ${asked}`);
  if (own.etag !== null) {
    const conditional = { ...headers, authorization: tokens.attacker, 'if-none-match': own.etag };
    const { status, text } = await read(server.get(path, conditional));
    check('answers to the ETag of another tenant', text);
    if (status === 304) findings.fault(`304 to the ETag of another tenant: ${asked}`);
  }
  const items = { requests: [{ id: '1', method: 'GET', url: path.replace(/^\/(v1\.0|beta)/, ''), headers }] };
  const batch = server.send('POST', '/v1.0/$batch', items, { authorization: tokens.attacker });
  check('batches of another tenant', (await read(batch)).text);
  for (const [, link] of own.text.matchAll(/"[^"]*nextLink":"([^"]+)"/g)) {
    const walked = await read(fetch(link!, { headers: { ...headers, authorization: tokens.attacker } })); // one group
    check('next links of another tenant', walked.text);
    if (walked.status !== 400)
      findings.fault(`${walked.status} to the next link of another tenant: ${asked}`);
  }
}

async function read(answer: Promise<Response>) {
  const response = await answer;
  return { status: response.status, etag: response.headers.get('etag'), text: await response.text() };
}
