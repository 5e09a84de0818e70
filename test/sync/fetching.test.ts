/** A call is fetched whole and of one version, whatever upstream makes of its lists. */
import { expect, it } from 'vitest';
import { UpstreamFailure } from '../../src/collect/sync/failure.ts';
import { CallFetch } from '../../src/collect/sync/fetch-call.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { hurried, root, type Script, scriptedUpstream } from '../support/scripted-upstream.ts';

const path = '/v1.0/communications/callRecords/call';
const sessionsOf = (more: object = {}) => ({ ...aRecord('call'), sessions: [], ...more });
const participantsOf = (more: object = {}) => ({ ...aRecord('call'), participants_v2: [], ...more });

async function fetched(script: Script, answersMs?: number) {
  const upstream = await scriptedUpstream(script, answersMs);
  const begunMs = upstream.clock.now().getTime();
  const fetch = new CallFetch({ ...upstream, callId: 'call', signal: new AbortController().signal });
  const one = await hurried(upstream, fetch.fetch());
  const seconds = (upstream.clock.now().getTime() - begunMs) / 1000;
  return { ...one, failure: one.failures[0]?.failure, asked: upstream.asked, seconds };
}

it('with segments that go on behind next links of their own', async () => {
  const segment = (i: number) => ({ id: `segment-${i}` });
  const { call, failure } = await fetched((target) => {
    if (target.includes('participants_v2')) return participantsOf();
    if (target.endsWith('more-2')) return { value: [segment(3)] };
    if (target.endsWith('more-1'))
      return { value: [segment(1), segment(2)], '@odata.nextLink': `${root}${path}/more-2` };
    return sessionsOf({
      sessions: [
        { id: 'a', segments: [segment(0)], 'segments@odata.nextLink': `${root}${path}/more-1` },
        { id: 'b', segments: [], 'segments@odata.nextLink': `${root}${path}/more-2` },
        { id: 'c', segments: [segment(9)] },
      ],
    });
  });
  expect(failure).toBeUndefined();
  expect(call.sessions?.value.complete).toBe(true);
  expect(JSON.parse(`[${blockText(call.sessions!.value.segments[0]!).toString()}]`)).toEqual([
    [segment(0), segment(1), segment(2), segment(3)],
    [segment(3)],
    [segment(9)],
  ]);
});

it('incomplete when segments cannot be followed', async () => {
  const { call, failure } = await fetched((target) => {
    if (target.includes('participants_v2')) return participantsOf();
    if (target.endsWith('more')) return 404;
    return sessionsOf({
      sessions: [{ id: 'a', segments: [], 'segments@odata.nextLink': `${root}${path}/more` }],
    });
  });
  expect(failure?.reason).toBe('notFound');
  expect(call.sessions?.value.complete).toBe(false);
});

it('again, when the second list is of a later version', async () => {
  let seen = 0;
  const { version, asked } = await fetched((target) =>
    target.includes('sessions')
      ? sessionsOf({ version: seen++ === 0 ? 1 : 2 })
      : participantsOf({ version: 2 }),
  );
  expect([version, asked.length]).toEqual([2n, 3]);
});

it('not at all while it changes with every look', async () => {
  let version = 1;
  const work = fetched((target) =>
    target.includes('sessions') ? sessionsOf({ version: version++ }) : participantsOf({ version: version++ }),
  );
  await expect(work).rejects.toMatchObject({ reason: 'versionsDisagree' });
});

it('again, when it changed while the pages of the last list were followed', async () => {
  let isChanged = false;
  const { version, call } = await fetched((target) => {
    const now = { version: isChanged ? 2 : 1 };
    if (target.includes('sessions')) return sessionsOf(now);
    if (target.endsWith('more')) {
      isChanged = true;
      return { value: [aParticipant('b')] };
    }
    if (target.includes('$expand')) {
      const more = {
        participants_v2: [aParticipant('a')],
        'participants_v2@odata.nextLink': `${root}${path}/more`,
      };
      return participantsOf({ ...now, ...more });
    }
    return aRecord('call', now);
  });
  expect(version).toBe(2n);
  expect(call.participants?.value).toMatchObject({ ids: ['a', 'b'], complete: true, pages: 2 });
});

it('with participants that stand twice once, and without those another Rollcall found in its sessions', async () => {
  const twice = [aParticipant('a'), aParticipant('b'), aParticipant('a')];
  const found = { '@rollcall.source': 'sessions', ...aParticipant('c') };
  const { call } = await fetched((target) =>
    target.includes('sessions') ? sessionsOf() : participantsOf({ participants_v2: [...twice, found] }),
  );
  expect(call.participants?.value.ids).toEqual(['a', 'b']);
  expect(call.odd).toEqual([{ part: 'participants', reason: 'repeatedAcrossPages', count: 1, first: 0 }]);
});

it('never from another server, whatever a link says', async () => {
  const { failure, asked } = await fetched((target) =>
    target.includes('sessions')
      ? sessionsOf({ 'sessions@odata.nextLink': 'https://elsewhere.example/v1.0/communications' })
      : participantsOf(),
  );
  expect(failure?.reason).toBe('notUnderstood');
  expect(asked.every((target) => target.startsWith(path))).toBe(true);
});

it('incomplete when a next link is no text: it says that there is more, and not where', async () => {
  const participants = await fetched((target) =>
    target.includes('participants_v2')
      ? participantsOf({ 'participants_v2@odata.nextLink': 17 })
      : sessionsOf(),
  );
  expect(participants.failure?.reason).toBe('notUnderstood');
  expect(participants.call.participants?.value.complete).toBe(false);
  const segments = await fetched((target) =>
    target.includes('participants_v2')
      ? participantsOf()
      : sessionsOf({ sessions: [{ id: 'a', segments: [], 'segments@odata.nextLink': { a: 1 } }] }),
  );
  expect(segments.failure?.reason).toBe('notUnderstood');
  expect(segments.call.sessions?.value.complete).toBe(false);
});

it.each([
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from('",')])],
  ['its version twice', Buffer.from('{"version":7,')],
])('not at all, with a reason, when its body has %s', async (_, beginning) => {
  const odd = (record: object) => Buffer.concat([beginning, Buffer.from(JSON.stringify(record).slice(1))]);
  const outcome = await fetched((target) =>
    target.includes('participants_v2') ? odd(participantsOf()) : odd(sessionsOf()),
  ).catch((error: unknown) => error);
  // A member twice may be kept and marked; what is no UTF-8 may not.
  const reason = outcome instanceof UpstreamFailure ? outcome.reason : 'kept';
  expect(beginning.includes(0xff) ? ['notUnderstood'] : ['notUnderstood', 'kept']).toContain(reason);
});

it('incomplete when a page has two lists', async () => {
  const { call, failure } = await fetched((target) => {
    if (target.includes('more')) return '{"value":[],"value":[{"id":"b"}]}';
    return target.includes('participants_v2')
      ? participantsOf({
          participants_v2: [aParticipant('a')],
          'participants_v2@odata.nextLink': `${root}${path}/more`,
        })
      : sessionsOf();
  });
  expect(failure?.reason).toBe('notUnderstood');
  expect([call.participants?.value.ids, call.participants?.value.complete]).toEqual([['a'], false]);
});

it('with the pages of both lists at the same time, as fast as its limit allows when each takes a second', async () => {
  const pages = 100;
  const page = (list: 'sessions' | 'participants_v2', n: number) => ({
    [n === 1 ? list : 'value']: [
      list === 'sessions' ? { id: `s-${n}`, segments: [] } : aParticipant(`p-${n}`),
    ],
    ...(n < pages && {
      [n === 1 ? `${list}@odata.nextLink` : '@odata.nextLink']: `${root}${path}/${list}?page=${n + 1}`,
    }),
  });
  const { participants, sessions, failure, asked, seconds } = await fetched((target) => {
    const [, list, n] = /(sessions|participants_v2)(?:\?page=(\d+))?/.exec(target) ?? [];
    if (list !== 'sessions' && list !== 'participants_v2') return aRecord('call');
    return { ...(n === undefined && aRecord('call')), ...page(list, Number(n ?? 1)) };
  }, 1000);
  expect([participants, sessions, failure, asked.length]).toEqual([pages, pages, undefined, 2 * pages + 1]);
  // A request counts until 20 seconds after its answer: 40 in 21 seconds. One list after the other took 201.
  expect(seconds).toBeLessThan((asked.length / 40) * 21 + 5);
});
