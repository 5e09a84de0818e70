/** What is odd in a record is kept in its place and marked, or set aside: the rest of the record is as if nothing were. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Oddity } from '../../src/contract/oddities.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { formatTicks } from '../../src/base/ticks.ts';
import type { Block } from '../../src/wire/text/block.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { importLines } from '../support/filled-store.ts';

const tenantId = 't';

/** Imports a record of these members, and gives what the store has of it. */
async function kept(members: string) {
  await using store = openSqliteStore(':memory:');
  await importLines(store, tenantId, [`{${members}}`]);
  const [callId] = await store.evidence.calls(tenantId, undefined, 2);
  const edition = (await store.edition(tenantId, callId!))!; // imported
  const text = (block: Block | undefined) => block && blockText(block).toString();
  const pieces = await store.quarantine.list(tenantId, undefined, 9);
  return {
    callId,
    start: edition.startTicks && formatTicks(edition.startTicks),
    version: edition.version,
    lacking: edition.lacking,
    odd: edition.odd.map(named),
    head: text(await store.head(edition)),
    participants: text(await store.participantsBlock(edition, 0)),
    sessions: text(await store.sessionsBlock(edition, 0)),
    segments: text(await store.segmentsBlock(edition, 0)),
    setAside: await Promise.all(
      pieces.map(async ({ id, unit, reason, callId: of }) => {
        const [piece] = await store.quarantine.get(tenantId, id);
        return [unit, reason, Buffer.from(piece!.text).toString(), of].join(' | ');
      }),
    ),
  };
}

const named = ({ part, reason, count, first }: Oddity) =>
  `${part} ${reason} ${count}${first === undefined ? '' : ` at ${first}`}`;
const call = '"id":"c","version":3,"startDateTime":"2026-01-01T00:00:00Z"';

describe('an entry stays where it stands', () => {
  it.each<[string, string, string[]]>([
    ['a null id', '{"id":null}', ['participants idMissing 1 at 1']],
    ['no id', '{"identity":null}', ['participants idMissing 1 at 1']],
    ['an empty id', '{"id":""}', ['participants idMissing 1 at 1']],
    ['a number for an id', '{"id":17}', ['participants idNotString 1 at 1']],
    ['an object for an id', '{"id":{"id":"x"}}', ['participants idNotString 1 at 1']],
    ['half of a character in the id', '{"id":"x\\ud800"}', ['participants loneSurrogate 1 at 1']],
    [
      'half of a character in a name',
      '{"id":"x","identity":{"user":{"displayName":"\\udc00"}}}',
      ['participants loneSurrogate 1 at 1'],
    ],
    ['a string for an identity', '{"id":"x","identity":"{\\"user\\""}', ['participants wrongType 1 at 1']],
    [
      'a list for a name',
      '{"id":"x","identity":{"user":{"displayName":[{}]}}}',
      ['participants wrongType 1 at 1'],
    ],
    ['a member twice', '{"id":"x","id":"y"}', ['participants memberTwice 1 at 1']],
  ])('with %s', async (_, entry, odd) => {
    const all = `{"id":"a"},${entry},{"id":"b"},${entry.replace(/}$/, ',"n":2}')}`;
    const held = await kept(`${call},"participants_v2":[${all}]`);
    expect(held.odd).toEqual(odd.map((one) => one.replace(' 1 at', ' 2 at')));
    expect(held).toMatchObject({
      participants: all,
      lacking: [],
      setAside: [],
      start: '2026-01-01T00:00:00Z',
    });
  });

  it('is found by its key where it has one, and by the last where it has two', async () => {
    await using store = openSqliteStore(':memory:');
    const entries = '{"id":null},{"id":"x","id":"y"},{"id":"\\ud800"},{"id":"z"}';
    await importLines(store, tenantId, [
      `{${call},"participants_v2":[${entries}],"sessions":[{"id":7},{"id":"s"}]}`,
    ]);
    const edition = (await store.edition(tenantId, 'c'))!;
    const places = ['x', 'y', '\ud800', '\ufffd', 'z', 'null', ''].map((id) =>
      store.participantIndex(edition, id),
    );
    expect(places).toEqual([undefined, 1, undefined, undefined, 3, undefined, undefined]);
    expect([store.sessionIndex(edition, '7'), store.sessionIndex(edition, 's')]).toEqual([undefined, 1]);
  });

  it('in sessions and segments too, whatever the type of whatever member', async () => {
    const sessions =
      '{"id":null,"caller":"x{","callee":[{}]},{"id":"s","modalities":{"a":[1]},"isTest":"no"}';
    const segments = '{"media":"x"},{"id":5,"media":[{"streams":[{"averageJitter":5,"streamId":[]}]}]}';
    const held = await kept(`${call},"sessions":[${sessions.replace(/}$/, `,"segments":[${segments}]}`)}]`);
    expect(held).toMatchObject({ sessions, segments: `null,[${segments}]`, setAside: [] });
    expect(held.odd).toEqual([
      'sessions idMissing 1 at 0',
      'sessions wrongType 4 at 0',
      'segments idMissing 1 at 1',
      'segments idNotString 1 at 1',
      'segments wrongType 3 at 1',
    ]);
  });

  it('in the record itself', async () => {
    const head =
      '"type":[1],"modalities":"audio","participants":{"user":1},"organizer_v2":"{","organizer":7,"x":"\\ud800"';
    const held = await kept(`${call},${head},"participants_v2":[{"id":"a"}]`);
    expect(held.odd).toEqual(['record wrongType 5', 'record loneSurrogate 1']);
    expect(JSON.parse(held.head!)).toEqual(JSON.parse(`{${call},${head}}`));
  });
});

describe('a piece is set aside', () => {
  const deep = `{"id":"d","x":${'['.repeat(100)}${']'.repeat(100)}}`;
  const endless = `{"id":"d","x":${'{"a":['.repeat(5000)}1${']}'.repeat(5000)}}`;

  it.each(['null', '17', '"x"', '[{"id":"x"}]', 'true', deep, endless])(
    'out of a list: %.20s',
    async (entry) => {
      const held = await kept(
        `${call},"participants_v2":[{"id":"a"}, ${entry} ,{"id":"b"},${entry}],"sessions":[${entry},{"id":"s","segments":[${entry},{"id":"g"}]}]`,
      );
      const why = entry.startsWith('{') ? 'is nested too deep' : 'is not an object';
      expect(held).toMatchObject({
        ...{
          participants: '{"id":"a"},{"id":"b"}',
          sessions: '{"id":"s"}',
          segments: '[{"id":"g"}]',
          lacking: [],
        },
        odd: ['participants setAside 2', 'sessions setAside 1', 'segments setAside 1 at 0'],
      });
      // The same text of the same call has one place.
      expect(held.setAside).toEqual([`entry | A participant ${why}. | ${entry} | c`]);
    },
  );

  it.each(['"many"', '{"value":[]}', '5', 'true'])('in place of a list: %s', async (value) => {
    const held = await kept(`${call},"participants_v2":${value},"sessions":[{"id":"s","segments":${value}}]`);
    expect(held).toMatchObject({ participants: undefined, sessions: '{"id":"s"}', segments: 'null' });
    expect(held.setAside).toEqual([`page | participants_v2 is not a list. | ${value} | c`]);
    const without = await kept(`${call},"sessions":${value}`);
    expect([without.sessions, without.setAside]).toEqual([
      undefined,
      [`page | sessions is not a list. | ${value} | c`],
    ]);
  });

  it('a member of a record that is nested too deep', async () => {
    const list = '"participants_v2":[{"id":"a"},{"id":null}]';
    const held = await kept(`"x":1, "deep": ${endless} ,${call},${list}`);
    expect(held).toMatchObject({
      ...{ callId: 'c', participants: '{"id":"a"},{"id":null}', lacking: [] },
      head: `{${call},"x":1}`,
      odd: ['record setAside 1', 'participants idMissing 1 at 1'],
      setAside: [`entry | A member of the record is nested too deep. | {"deep": ${endless}} | c`],
    });
  });
});

describe('a version or a time that is none', () => {
  const rest = '"endDateTime":"2026-01-01T02:00:00Z","lastModifiedDateTime":"2026-01-01T03:00:00Z"';

  it.each<[string, string[]]>([
    ['null', ['record wrongType 1']],
    ['"abc"', ['record wrongType 1']],
    ['1.5', ['record wrongType 1']],
    ['-1', ['record wrongType 1']],
    ['9223372036854775808', ['record wrongType 1']],
    ['{"a":1}', ['record wrongType 1']],
  ])('of a version of %s: the call is kept', async (version, odd) => {
    const head = `"id":"c","version":${version},"startDateTime":"2026-01-01T00:00:00Z"`;
    expect(await kept(head)).toMatchObject({
      odd,
      head: `{${head}}`,
      version: 0n,
      start: '2026-01-01T00:00:00Z',
    });
  });

  it.each(['null', '"yesterday"', '5', '{}', '"2026-13-01T00:00:00Z"'])(
    'of a start of %s: another time stands in',
    async (start) => {
      const head = `"id":"c","version":3,"startDateTime":${start}`;
      const session = (id: string, at: string) => `{"id":"${id}","startDateTime":${at}}`;
      const sessions = [
        session('s', '"2026-01-01T01:30:00Z"'),
        session('t', '"2026-01-01T01:00:00Z"'),
        session('u', '9'),
      ];
      const shown = async (members: string) => {
        const { odd, start: shownStart, lacking } = await kept(`${head}${members}`);
        expect(odd.filter((one) => !one.startsWith('sessions'))).toEqual(['record timeMissing 1']);
        return [shownStart, lacking];
      };
      expect(await shown(`,${rest},"sessions":[${sessions.join()}]`)).toEqual([
        '2026-01-01T01:00:00Z',
        ['listMissing'],
      ]);
      expect(await shown(`,${rest},"sessions":[${sessions[2]}]`)).toEqual([
        '2026-01-01T02:00:00Z',
        ['listMissing'],
      ]);
      expect(await shown(`,"lastModifiedDateTime":"2026-01-01T03:00:00Z"`)).toEqual([
        '2026-01-01T03:00:00Z',
        ['listMissing'],
      ]);
      expect(await shown('')).toEqual([undefined, ['record', 'listMissing']]);
      expect((await kept(head)).head).toBe(`{${head}}`);
    },
  );

  it('of an end: it has none', async () => {
    expect(await kept(`${call},"endDateTime":"late"`)).toMatchObject({ odd: ['record wrongType 1'] });
    expect(await kept(`${call},"endDateTime":null`)).toMatchObject({ odd: [] });
  });
});

describe('numbers in quotes', () => {
  it('are stored as the numbers they are, wherever the model has a wide number', async () => {
    const stream = '{"streamId":"s","packetUtilization":"9007199254740993"}';
    const held = await kept(
      `"id":"c", "version":"526500000","startDateTime":"2026-01-01T00:00:00Z","sessions":[{"id":"s","segments":[null,{"id":"g","media":[{"streams":[${stream}]}]}]},{"id":"t"}]`,
    );
    expect(held).toMatchObject({
      ...{ version: 526500000n, odd: ['segments setAside 1 at 0'], sessions: '{"id":"s"},{"id":"t"}' },
      head: '{"id":"c","version":526500000,"startDateTime":"2026-01-01T00:00:00Z"}',
      segments: `[{"id":"g","media":[{"streams":[${stream.replace('"9007199254740993"', '9007199254740993')}]}]}],null`,
    });
  });
});

describe('entries that stand twice', () => {
  const many = Array.from({ length: 300 }, (_, i) => `{"id":"p${i % 150}","n":${i % 150}}`);

  it('to the letter are one, and are counted', async () => {
    const held = await kept(
      `${call},"participants_v2":[${many.join()}],"sessions":[{"id":"s","segments":[{"id":"g"}]},{"id":"s","segments":[]},{"id":"s", "segments":[{"id":"g"}]}]`,
    );
    expect(held.participants).toBe(many.slice(0, 130).join());
    expect(held).toMatchObject({ sessions: '{"id":"s"},{"id":"s"}', segments: '[{"id":"g"}],[]' });
    expect(held.odd).toEqual([
      'participants repeatedAcrossPages 150 at 0',
      'sessions repeatedAcrossPages 1 at 0',
    ]);
  });

  it('in other words are both kept, and so are checksums that meet', async () => {
    // Two texts of one CRC-32.
    const alike = ['{"id":"a","n":"plumless"}', '{"id":"a","n":"buckeroo"}'];
    expect(crc32(alike[0]!)).toBe(crc32(alike[1]!));
    expect((await kept(`${call},"participants_v2":[${alike.join()},{"id":"a"}]`)).participants).toBe(
      `${alike.join()},{"id":"a"}`,
    );
  });

  it('that a Rollcall inferred are no part of what was received', async () => {
    const inferred = (source: string) => `{"@rollcall.source":"${source}","id":"i"}`;
    const list = async (...entries: string[]) =>
      (await kept(`${call},"participants_v2":[${entries.join()}]`)).participants;
    expect(await list('{"id":"a"}', inferred('sessions'))).toBe('{"id":"a"}');
    expect(await list(inferred('sessions'))).toBe(undefined);
    expect(await list(inferred('participants'), inferred('organizer'))).toBe(undefined);
  });
});
