/** Tests that what tools write of records is taken, or is one rejection that names the form and what to do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { importFiles } from '../support/imported.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const tenantId = '11111111-1111-4111-8111-111111111111';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  return () => server.stop();
});
const imported = (...files: Parameters<typeof importFiles>[2]) => importFiles(server.store, tenantId, files);
const record = aRecord('form', { participants_v2: participants(2), sessions: [aSession('s')] });
const json = JSON.stringify(record);
const line = (id: string) => JSON.stringify(aRecord(id));
const lines = (text: string) => `${text}\n`.repeat(3);

describe('a form that is not taken is one rejection, which names it and says what to do', () => {
  it.each<[string, string | object, RegExp, RegExp]>([
    [
      'dates of Windows PowerShell',
      lines(json.replace('2026-03-02T10:00:00Z', '\\/Date(1793610000000)\\/')),
      /\/Date\(…\)/,
      /response itself/,
    ],
    [
      'dates of Windows PowerShell as objects',
      lines(json.replace('"2026-03-02T10:00:00Z"', '{"value":"\\/Date(1793610000000)\\/","DateTime":"x"}')),
      /\/Date\(…\)/,
      /response itself/,
    ],
    [
      'objects cut off at a depth',
      lines(json.replace(/"sessions":\[.*\]/, '"sessions":["@{id=s; caller=}"]')),
      /ConvertTo-Json cut off objects/,
      /-Depth 20/,
    ],
    [
      'an array cut off at a depth',
      lines(json.replace(/"sessions":\[.*\]/, '"sessions":"System.Object[]"')),
      /ConvertTo-Json cut off objects/,
      /-Depth 20/,
    ],
    [
      '.NET member names',
      lines('{"Id":"x","Version":1,"StartDateTime":"2026-03-02T10:00:00Z","AdditionalData":{}}'),
      /\.NET .*\(Id, Version, StartDateTime\)/,
      /OutputType Json/,
    ],
    [
      'Python member names',
      lines('{"id":"x","start_date_time":"2026-03-02T10:00:00Z","join_web_url":"","additional_data":{}}'),
      /Python object \(start_date_time/,
      /the JSON/,
    ],
    ['commas between lines', lines(`${json},`), /commas between the lines/, /Remove the commas/],
    ['commas before lines', lines(`,${json}`), /commas between the lines/, /Remove the commas/],
    [
      'a Splunk result',
      lines(JSON.stringify({ preview: false, result: record })),
      /'result' of another object, as Splunk/,
      /jq -c '\.result'/,
    ],
    [
      'a raw Splunk result',
      lines(JSON.stringify({ result: { _raw: json, host: 'x' } })),
      /'result\._raw' of another object, as Splunk/,
      /fromjson/,
    ],
    [
      'a Logic App action',
      lines(JSON.stringify({ statusCode: 200, headers: {}, body: record })),
      /'body' of another object, as Logic Apps/,
      /jq -c '\.body'/,
    ],
    [
      'an Azure Monitor record',
      { records: [{ properties: record }] },
      /as Azure Monitor/,
      /\.records\[\]\.properties/,
    ],
    [
      'an Elasticsearch hit',
      lines(JSON.stringify({ _index: 'x', _source: record })),
      /as Elasticsearch/,
      /\._source/,
    ],
    [
      'some other object',
      lines(JSON.stringify({ a: { b: { c: record } } })),
      /in the member 'a\.b\.c'/,
      /jq -c '\.a\.b\.c'/,
    ],
    ['a record encoded twice', lines(JSON.stringify(json)), /encoded twice/, /fromjson/],
    [
      'a change notification',
      { value: [{ subscriptionId: 'x', changeType: 'created', resource: 'communications/callRecords/x' }] },
      /change notification/,
      /sync/,
    ],
    [
      'segments alone',
      {
        '@odata.context': "https://x/$metadata#communications/callRecords('a')/sessions('b')/segments",
        value: [{ id: 'g' }, { id: 'h' }],
      },
      /segments of a session without the session/,
      /\$expand/,
    ],
    [
      'the record was requested with $select',
      {
        '@odata.context': 'https://x/$metadata#communications/callRecords(id,version)/$entity',
        id: 'x',
        version: 1,
      },
      /requested with \$select/,
      /selected members/,
    ],
    ['HTML', '<!DOCTYPE html>\n<html><body>\nSign in\n{"a":1\n</body></html>\n', /HTML/, /Save the response/],
    ['XML', '<?xml version="1.0"?>\n<calls>\n<call id="x"/>\n</calls>\n', /XML/, /JSON Lines/],
    [
      'Export-Clixml',
      '<Objs Version="1.1.0.1">\n  <Obj RefId="0">\n  </Obj>\n</Objs>',
      /Export-Clixml/,
      /ConvertTo-Json/,
    ],
    ['Export-Csv', '#TYPE System.Object\n"id","version"\n"x","1"\n', /Export-Csv/, /ConvertTo-Json/],
    ['CSV', '"id","version","startDateTime"\n"x","1","2026"\n"y","2","2026"\n', /CSV/, /JSON Lines/],
    ['CSV with semicolons', 'id;version;startDateTime\nx;1;2026\n', /CSV/, /JSON Lines/],
    ['Format-List', '\nid      : x\nversion : 1\n\nid      : y\n', /Format-List/, /ConvertTo-Json/],
    ['YAML', '---\nid: x\nversion: 1\n', /YAML/, /yq/],
    [
      'headers of a response',
      'HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\n\r\nnothing\r\n',
      /headers of an HTTP response/,
      /without -i/,
    ],
    ['Python', "{'id': 'x', 'version': 1}\n{'id': 'y', 'version': 1}\n", /Python/, /json\.dumps/],
    ['JavaScript', 'const calls = [\n{id: 1}\n', /JavaScript/, /Keep only the value/],
    ['JSON5', '{id: "x"}\n{id: "y"}\n', /no quotes/, /JSON\.stringify/],
    [
      'a log',
      `2026-03-02 INFO call ${json}\n2026-03-02 INFO call ${json}\n`,
      /Other text precedes/,
      /Keep only the JSON/,
    ],
    ['colours', `\u001b[1m{\u001b[0m"id"\n\u001b[1m{\n`, /terminal colors/, /jq -M/],
    ['server-sent events', `data: ${json}\ndata: ${json}\n`, /server-sent events/, /data:/],
    ['what is not JSON at all', 'one\ntwo "\n{"three" 3}\n', /^Not JSON/, /Not JSON/],
    [
      'no UTF-8',
      Buffer.from('{"id":"\xe4"}\n{"id":"\xf6"}\n', 'latin1'),
      /not UTF-8/,
      /Save the file as UTF-8/,
    ],
  ])('%s', async (_, content, reason, next) => {
    const { counts, reasons, rejects } = await imported(['file', content]);
    expect(counts).toMatchObject({ records: 0, rejected: 1 });
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(reason);
    expect(reasons[0]).toMatch(next);
    expect(rejects[0]!.lines).toEqual([...new Set(rejects[0]!.lines)]);
    expect(rejects[0]!.count).toBeGreaterThanOrEqual(rejects[0]!.lines.length);
  });

  it('and the sound lines of the file are taken', async () => {
    const { counts, rejects } = await imported([
      'mixed',
      `{"Id":"x","Version":1,"Type":"a"}\n${json}\n<html>\n${json.replace('form', 'form-2')}\n{"Id":"y","Version":1,"Type":"a"}\n`,
    ]);
    expect(counts).toMatchObject({ records: 2, rejected: 2, rejectedLines: 3 });
    expect(rejects.map(({ line, count, lines: all }) => [line, count, all])).toEqual([
      [1, 2, [1, 5]],
      [3, 1, [3]],
    ]);
  });
});

describe('saved batch responses', () => {
  it('are taken response by response, and those that failed are told one by one', async () => {
    const body = (id: string) => aRecord(id, { participants_v2: participants(1) });
    const base64 = Buffer.from(JSON.stringify(body('batch-3'))).toString('base64');
    const context = "https://x/v1.0/$metadata#communications/callRecords('batch-1')/sessions";
    const { counts, reasons } = await imported([
      'batch.json',
      {
        responses: [
          { id: '1', status: 200, headers: {}, body: body('batch-1') },
          { id: '2', status: 200, body: JSON.stringify(body('batch-2')) },
          { id: '3', status: 200, body: base64 },
          { id: '4', status: 200, body: { '@odata.context': context, value: [aSession('s')] } },
          { id: '5', status: 204 },
          { id: '6', status: 429, headers: { 'Retry-After': '10' }, body: { error: { code: 'x' } } },
          { id: '7', status: 429, body: {} },
          { id: 'a b', status: 404 },
          { id: '8', status: 200, body: 'R0lGODlh' },
          { id: '9', body: {} },
          null,
        ],
      },
    ]);
    expect(counts).toMatchObject({ records: 3, sessions: 1 });
    expect(reasons).toEqual([
      'The response 6 of the batch is 429. Request it again and import the response.',
      'The response 7 of the batch is 429. Request it again and import the response.',
      'The response without a usable id of the batch is 404. Request it again and import the response.',
      'The response 8 of the batch has a body that is not JSON. Request the record itself, not its text or media.',
      'The response 9 of the batch has no status. Request it again and import the response.',
      'A response of the batch is not a JSON object.',
    ]);
    const first = await server.store.edition(tenantId, 'batch-1');
    expect([first?.version, first?.participants?.count, first?.sessions?.count]).toEqual([1n, 1, 1]);
  });
});

describe('a value that is not taken costs itself alone', () => {
  it.each([
    ['an array', (values: unknown[]) => values],
    ['an array of arrays', (values: unknown[]) => [[values]]],
    [
      'a page of the list of calls',
      (values: unknown[]) => ({
        '@odata.context': 'https://x/$metadata#communications/callRecords',
        value: values,
      }),
    ],
    ['a page without a context', (values: unknown[]) => ({ value: values })],
  ])('in %s', async (name, around) => {
    const ids = [1, 2, 3].map((i) => `alone-${name}-${i}`);
    const [a, b, c] = ids.map((id) => aRecord(id));
    for (const space of [undefined, 1]) {
      const { counts } = await imported([
        'x',
        JSON.stringify(around([a, null, b, { error: {} }, 'x', c]), null, space),
      ]);
      expect(counts).toMatchObject({ records: 3, rejectedLines: 3 });
    }
    for (const id of ids) expect(await server.store.edition(tenantId, id)).toBeDefined();
  });

  it('in a page of a log', async () => {
    const type = '#microsoft.graph.callRecords.smsLogRow';
    const row = (id: string) => ({ '@odata.type': type, id, sentDateTime: '2026-01-01T00:00:00Z' });
    const context = 'https://x/$metadata#Collection(microsoft.graph.callRecords.smsLogRow)';
    const { counts, problems } = await imported([
      'log.json',
      { '@odata.context': context, value: [row('a'), 17, row('b')] },
    ]);
    expect(counts).toMatchObject({ logRows: 2, setAside: 1, rejected: 0 });
    expect(problems).toMatchObject([{ file: 'log.json', line: 1, unit: 'logRow', count: 1 }]);
    const [piece] = await server.store.quarantine.list(tenantId, undefined, 10);
    expect(piece).toMatchObject({ unit: 'logRow', origin: 'import log.json:1', bytes: 2 });
  });
});

describe('a list that was not received is reported', () => {
  it.each([
    ['sessions alone', { sessions: [aSession('s')] }, ['participants_v2']],
    ['a list that is null', { participants_v2: null, sessions: [] }, ['participants_v2']],
    ['an empty list', { participants_v2: [], sessions: [] }, []],
    ['participants alone', { participants_v2: participants(2) }, []],
  ])('%s', async (name, lists, missing) => {
    const { counts, problems } = await imported([
      'list.json',
      JSON.stringify(aRecord(`${name} only`, lists)),
    ]);
    expect(counts).toMatchObject({ records: 1, rejected: 0, missingLists: missing.length });
    expect(problems.map(({ unit, call, reason }) => [unit, call, reason])).toEqual(
      missing.map((list) => ['list', `${name} only`, `The list ${list} of the call was not received.`]),
    );
  });

  it('but not where the store has it of that version', async () => {
    const call = 'whole before';
    await imported(['whole.json', JSON.stringify(aRecord(call, { participants_v2: participants(2) }))]);
    const { counts } = await imported(['again.json', JSON.stringify(aRecord(call, { sessions: [] }))]);
    expect(counts).toMatchObject({ records: 1, missingLists: 0 });
  });
});

describe('what is odd in a record is told, and the record is kept whole', () => {
  it('an entry of many', async () => {
    const people = participants(1250);
    const odd = JSON.stringify(aRecord('odd-entry', { participants_v2: people })).replace(
      '"id":"participant-7"',
      '"id":null',
    );
    const { counts, problems } = await imported(['odd.jsonl', `${line('before-odd')}\n${odd}\n`]);
    expect(counts).toMatchObject({
      records: 2,
      participants: 1250,
      rejected: 0,
      markedCalls: 1,
      setAside: 0,
    });
    expect(problems.filter(({ call }) => call === 'odd-entry')).toEqual([
      {
        ...{ file: 'odd.jsonl', line: 2, call: 'odd-entry', unit: 'entry', count: 1 },
        reason: 'participants: The id is missing, null or empty, so no request can address the entry by key.',
        next: 'The call was stored and is served as received.',
      },
    ]);
    expect((await server.store.edition(tenantId, 'odd-entry'))?.participants?.count).toBe(1250);
  });

  it('an entry that is no object, of a record and of a page', async () => {
    const record = aRecord('aside', { participants_v2: [...participants(2), 'x'] });
    const context = "https://x/$metadata#communications/callRecords('aside')/sessions";
    const page = { '@odata.context': context, value: [aSession('s'), 17] };
    const { counts, problems } = await imported([
      'aside.jsonl',
      `${JSON.stringify(record)}\n${JSON.stringify(page)}\n`,
    ]);
    expect(counts).toMatchObject({ rejected: 0, markedCalls: 2, setAside: 2 });
    expect(problems.map(({ line: at, call, unit }) => [at, call, unit])).toEqual([
      [1, 'aside', 'entry'],
      [2, 'aside', 'entry'],
    ]);
    const pieces = await server.store.quarantine.list(tenantId, undefined, 1000);
    expect(pieces.filter(({ callId }) => callId === 'aside')).toMatchObject([
      { unit: 'entry', origin: 'import aside.jsonl:1', bytes: 3 },
      { unit: 'entry', origin: 'import aside.jsonl:2', bytes: 2 },
    ]);
  });

  it('entries that repeat to the letter on overlapping pages', async () => {
    const context = "https://x/$metadata#communications/callRecords('overlap')/participants_v2";
    const [a, b, c] = participants(3);
    const { counts, problems } = await imported(
      ['r.json', aRecord('overlap')],
      ['1.json', { '@odata.context': context, '@odata.nextLink': 'https://x?$skiptoken=a', value: [a, b] }],
      ['2.json', { '@odata.context': context, value: [b, c] }],
    );
    expect(counts).toMatchObject({ markedCalls: 1, missingPages: 0 });
    expect(problems).toMatchObject([
      { call: 'overlap', reason: expect.stringContaining('are identical') as string, count: 1 },
    ]);
    expect((await server.store.edition(tenantId, 'overlap'))?.participants?.count).toBe(3);
  });

  it('a row of a log without its time', async () => {
    const type = '#microsoft.graph.callRecords.pstnCallLogRow';
    const row = {
      '@odata.type': type,
      id: 'timeless',
      startDateTime: null,
      endDateTime: '2026-01-01T00:00:00Z',
    };
    const { counts, problems } = await imported(['rows.jsonl', JSON.stringify(row)]);
    expect(counts).toMatchObject({ logRows: 1, markedRows: 1, rejected: 0 });
    expect(problems).toMatchObject([{ unit: 'logRow', line: 1 }]);
  });

  it('a list that a Rollcall says it never received is no list without entries', async () => {
    const context = "https://x/$metadata#communications/callRecords('unknown')/participants_v2";
    await imported(
      ['r.json', aRecord('unknown')],
      ['p.json', { '@odata.context': context, '@rollcall.incomplete': 'listMissing', value: [] }],
    );
    expect((await server.store.edition(tenantId, 'unknown'))?.participants).toBeUndefined();
  });
});

describe('pages in files', () => {
  const page = (callId: string, list: string, value: unknown[], next?: string) => ({
    '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#communications/callRecords('${callId}')/${list}`,
    ...(next !== undefined && { '@odata.nextLink': `https://graph.microsoft.com/v1.0/x?$skiptoken=${next}` }),
    value,
  });
  const sessions = (...ids: string[]) => ids.map((id) => aSession(id));

  it('of two versions side by side: each version has its own', async () => {
    await imported(
      ['f/v_sessions_v2.json', page('versions', 'sessions', sessions('a', 'c'))],
      ['f/v_sessions_v1.json', page('versions', 'sessions', sessions('a', 'b'))],
      ['f/v_call_v1.json', aRecord('versions', { version: 1 })],
      ['f/v_call_v2.json', aRecord('versions', { version: 2 })],
    );
    const editions = await server.store.evidence.editions(tenantId, 'versions');
    const newest = new Map(editions.map((one) => [one.version, one]));
    const idsOf = async (version: bigint) => {
      const edition = newest.get(version)!;
      return Promise.all(['a', 'b', 'c'].map(async (id) => server.store.sessionIndex(edition, id)));
    };
    expect([...newest.keys()]).toEqual([1n, 2n]);
    expect(await idsOf(1n)).toEqual([0, 1, undefined]);
    expect(await idsOf(2n)).toEqual([0, undefined, 1]);
  });

  it('of two states: never mixed, and the later file is the newer state', async () => {
    await imported(['r.json', aRecord('states', { participants_v2: undefined })]);
    const first = page('states', 'participants_v2', [aParticipant('a'), aParticipant('b')]);
    const second = page('states', 'participants_v2', [aParticipant('c')]);
    await imported(['x.json', second, 2], ['y.json', first, 1]);
    const editions = await server.store.evidence.editions(tenantId, 'states');
    expect(editions.map(({ participants: list }) => list?.count)).toEqual([undefined, 2, 1]);
    // What is there already changes nothing.
    expect((await imported(['y.json', first, 1])).counts).toMatchObject({ markedCalls: 0, missingPages: 0 });
    expect(await server.store.evidence.editions(tenantId, 'states')).toHaveLength(3);
  });

  it('that come in several imports go on where the list is', async () => {
    const [a, b] = [aParticipant('a'), aParticipant('b')];
    const before = await imported(['1.json', page('resumed', 'participants_v2', [a], 'x')]);
    expect(before.counts).toMatchObject({ missingPages: 1 });
    expect(before.problems).toMatchObject([{ file: '1.json', line: 1, call: 'resumed', unit: 'page' }]);
    const after = await imported(['2.json', page('resumed', 'participants_v2', [b])]);
    expect(after.counts).toMatchObject({ missingPages: 0 });
    const edition = await server.store.edition(tenantId, 'resumed');
    expect([edition?.participants?.count, edition?.participants?.complete]).toEqual([2, true]);
  });

  it('of a record whose list goes on: the import tells the page that is missing', async () => {
    const next = { 'participants_v2@odata.nextLink': 'https://graph.microsoft.com/x?$skiptoken=y' };
    const begun = aRecord('begun', { participants_v2: participants(2), ...next });
    const { counts, problems } = await imported(['begun.json', begun]);
    expect(counts).toMatchObject({ records: 1, missingPages: 1 });
    expect(problems[0]).toMatchObject({ file: 'begun.json', line: 1, call: 'begun', unit: 'page' });
    const rest = page('begun', 'participants_v2', [aParticipant('participant-2')]);
    expect(
      (await imported(['all.jsonl', `${JSON.stringify(begun)}\n${JSON.stringify(rest)}\n`])).counts,
    ).toMatchObject({ missingPages: 0 });
    expect((await server.store.edition(tenantId, 'begun'))?.participants?.count).toBe(3);
  });

  it('that are one entry each add it, and the list stays as complete as it was', async () => {
    await imported(['c.json', aRecord('single', { participants_v2: participants(2) })]);
    const entry = (id: string) => ({
      '@odata.context': "https://x/$metadata#communications/callRecords('single')/participants_v2/$entity",
      ...aParticipant(id),
    });
    const { counts } = await imported(['known.json', entry('participant-1')], ['new.json', entry('new')]);
    expect(counts).toMatchObject({ rejected: 0, missingPages: 0, markedCalls: 0 });
    const edition = await server.store.edition(tenantId, 'single');
    expect([edition?.participants?.count, edition?.participants?.complete]).toEqual([3, true]);
  });
});
