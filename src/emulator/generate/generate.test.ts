import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultGenerateOptions, generateLines, type GenerateOptions, largestMeeting } from './generate.ts';
import { participantsWith } from './session.ts';

interface Entity {
  readonly id: string;
}
interface Session extends Entity {
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly caller: { readonly associatedIdentity: Entity };
  readonly callee: { readonly associatedIdentity?: Entity };
  readonly segments?: readonly { readonly media: readonly object[] }[];
}
interface CallRecord extends Entity {
  readonly version: number;
  readonly type: string;
  readonly lastModifiedDateTime: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly organizer_v2: Entity;
  readonly participants: readonly object[];
  readonly sessions?: readonly Session[];
  readonly participants_v2: readonly (Entity & { readonly identity: Record<string, Entity | null> })[];
}

const small: GenerateOptions = { ...defaultGenerateOptions, largest: 140, calls: 300, media: false };

function linesOf(options: Partial<GenerateOptions>): string[] {
  return [...generateLines({ ...small, ...options })];
}

function recordsOf(options: Partial<GenerateOptions>): CallRecord[] {
  // The generator's own output, checked member by member in wire-order.test.ts.
  return linesOf(options).map((line) => JSON.parse(line) as CallRecord);
}

const sha256 = (lines: readonly string[]) => createHash('sha256').update(lines.join('\n')).digest('hex');
const latestOf = (records: readonly CallRecord[]) => [
  ...new Map(records.map((call) => [call.id, call])).values(),
];
const at = (dateTime: string) => new Date(dateTime).getTime();

describe('generateLines', () => {
  const records = recordsOf({});
  const latest = latestOf(records);

  it('gives the same bytes for the same options, on every machine', () => {
    expect(sha256(linesOf({ calls: 40, media: true }))).toMatchInlineSnapshot(
      `"6f55c41ff16a16fcf206c6047752bea5b40a52580b85b8af396cf8bfcb9e94f2"`,
    );
  });

  it('gives other bytes for another seed', () => {
    expect(sha256(linesOf({ calls: 40, seed: 2 }))).not.toBe(sha256(linesOf({ calls: 40 })));
  });

  it('makes a call the same however many are asked for', () => {
    expect(linesOf({ calls: 300 }).slice(0, linesOf({ calls: 25 }).length)).toEqual(linesOf({ calls: 25 }));
  });

  it('gives nothing for no calls', () => {
    expect(linesOf({ calls: 0 })).toEqual([]);
  });

  it('writes one line a record', () => {
    expect(linesOf({ calls: 50 }).filter((line) => line.includes('\n'))).toEqual([]);
  });

  it('gives every call an id of its own', () => {
    expect(latest.length).toBe(300);
  });

  it('writes the versions of a call one after the other, each later and no smaller than the last', () => {
    const versions = records.filter(({ version }) => version > 1);
    expect(versions.length).toBeGreaterThan(20);
    for (const [index, call] of records.entries()) {
      if (call.version === 1) continue;
      const earlier = records[index - 1]!;
      expect(earlier.id).toBe(call.id);
      expect(earlier.version).toBe(call.version - 1);
      expect(at(earlier.lastModifiedDateTime)).toBeLessThan(at(call.lastModifiedDateTime));
      expect(earlier.participants_v2.length).toBeLessThanOrEqual(call.participants_v2.length);
    }
  });

  it('fills in participants in a later version of a meeting', () => {
    const grown = records.filter(
      (call, index) =>
        call.version > 1 && records[index - 1]!.participants_v2.length < call.participants_v2.length,
    );
    expect(grown.length).toBeGreaterThan(3);
  });

  it('shows every kind of identity in the first calls', () => {
    const kinds = new Set(
      recordsOf({ calls: 12, largest: 3 }).flatMap(({ participants_v2 }) =>
        participants_v2.flatMap(({ identity }) =>
          Object.keys(identity).filter((kind) => identity[kind] !== null),
        ),
      ),
    );
    expect([...kinds].sort()).toEqual([
      'application',
      'applicationInstance',
      'assertedIdentity',
      'azureCommunicationServicesUser',
      'device',
      'encrypted',
      'guest',
      'onPremises',
      'phone',
      'user',
    ]);
  });

  it('sets one member of each identity set, the last, with the id of the participant', () => {
    for (const { id, identity } of latest.flatMap((call) => call.participants_v2)) {
      const set = Object.entries(identity).filter(([, value]) => value !== null);
      expect(set).toEqual([Object.entries(identity).at(-1)]);
      expect(set[0]![1]!.id).toBe(id);
    }
  });

  it('lists nobody twice in a call, and the organizer among them', () => {
    for (const call of latest) {
      const ids = new Set(call.participants_v2.map(({ id }) => id));
      expect(ids.size).toBe(call.participants_v2.length);
      expect(ids).toContain(call.organizer_v2.id);
    }
  });

  it('gives those who are listed a session each, and nobody else', () => {
    for (const call of records) {
      const inSessions = call.sessions!.flatMap(({ caller, callee }) =>
        [caller.associatedIdentity.id, callee.associatedIdentity?.id].filter((id) => id !== undefined),
      );
      expect([...new Set(inSessions)].sort()).toEqual(call.participants_v2.map(({ id }) => id).sort());
    }
  });

  it('spans a call from the first who joined to the last who left', () => {
    for (const call of records) {
      const joined = call.sessions!.map(({ startDateTime }) => at(startDateTime));
      const left = call.sessions!.map(({ endDateTime }) => at(endDateTime));
      expect([Math.min(...joined), Math.max(...left)]).toEqual([
        at(call.startDateTime),
        at(call.endDateTime),
      ]);
      expect(call.sessions!.every((session) => at(session.startDateTime) <= at(session.endDateTime))).toBe(
        true,
      );
    }
  });

  it('leaves sessions out when told, and changes nothing else', () => {
    const without = recordsOf({ sessions: false, calls: 50 });
    expect(without).toEqual(
      recordsOf({ calls: 50 }).map((call) => {
        const { sessions, ...rest } = call;
        expect(sessions).toBeDefined();
        return rest;
      }),
    );
  });

  it('leaves media out when told, and changes nothing else', () => {
    const emptied = (key: string, value: unknown): unknown => (key === 'media' ? [] : value);
    const withMedia = linesOf({ calls: 50, media: true }).map((line) => JSON.parse(line) as CallRecord);
    expect(withMedia.map((call) => JSON.stringify(call, emptied))).toEqual(linesOf({ calls: 50 }));
    expect(withMedia[1]!.sessions![0]!.segments![0]!.media).not.toEqual([]);
  });

  it('knows productFamily beyond its sentinel, failures and feedback', () => {
    const text = linesOf({}).join('\n');
    expect(text).toContain('"productFamily":"azureCommunicationServices"');
    expect(text).toContain('"failureInfo":{"reason":"User is busy.","stage":"callSetup"}');
    expect(text).toContain('"stage":"midcall"');
    expect(text).toContain('"Echo":true');
  });
});

describe('the sizes of calls', () => {
  const sizes = latestOf(recordsOf({ calls: 3_000, sessions: false, largest: 500 })).map(
    ({ participants_v2 }) => participants_v2.length,
  );

  it('are two mostly, with a long tail', () => {
    const share = (holds: (size: number) => boolean) => sizes.filter(holds).length / sizes.length;
    expect(share((size) => size === 2)).toBeCloseTo(0.55, 1);
    expect(share((size) => size > 20)).toBeGreaterThan(0.02);
    expect(share((size) => size > 20)).toBeLessThan(0.06);
    expect(share((size) => size > 130)).toBeGreaterThan(0.001);
  });

  it('reach the largest once, in the first call', () => {
    expect(sizes.filter((size) => size >= 500)).toEqual([500]);
    expect(sizes[0]).toBe(500);
  });

  it('are two when no more are allowed', () => {
    expect(recordsOf({ largest: 2, calls: 50 }).every((call) => call.participants_v2.length === 2)).toBe(
      true,
    );
  });

  it('go beyond the people of a tiny tenant', () => {
    const [call] = recordsOf({ users: 1, calls: 1, largest: 140 });
    expect(call!.participants_v2.length).toBe(140);
    expect(call!.participants.length).toBe(130);
  });
});

describe('the dates of calls', () => {
  const until = new Date('2026-02-12T15:00:00Z');
  const records = recordsOf({ calls: 1_000, until, days: 10, sessions: false });

  it('lie on the days before the last, and are known by then', () => {
    for (const { startDateTime, lastModifiedDateTime } of records) {
      expect(at(startDateTime)).toBeGreaterThanOrEqual(Date.UTC(2026, 1, 2));
      expect(at(startDateTime)).toBeLessThan(Date.UTC(2026, 1, 12));
      expect(at(lastModifiedDateTime)).toBeLessThanOrEqual(until.getTime());
    }
  });

  it('are working hours mostly', () => {
    const starts = records.map(({ startDateTime }) => new Date(startDateTime));
    const weekend = starts.filter((start) => [0, 6].includes(start.getUTCDay()));
    const office = starts.filter((start) => start.getUTCHours() >= 8 && start.getUTCHours() < 17);
    expect(weekend.length / starts.length).toBeLessThan(0.05);
    expect(weekend.length).toBeGreaterThan(0);
    expect(office.length / starts.length).toBeGreaterThan(0.85);
  });
});

describe('the largest call', () => {
  it('fits in a line of 24 MiB with sessions for as many as do', () => {
    const [line] = linesOf({ calls: 1, largest: largestMeeting, users: 100_000, media: true });
    expect(Buffer.byteLength(line!)).toBeLessThan(22 * 1024 * 1024);
    const call = JSON.parse(line!) as CallRecord;
    expect(call.participants_v2.length).toBe(largestMeeting);
    const attended = call.sessions!.map(({ caller }) => caller.associatedIdentity.id);
    expect([...new Set(attended)]).toEqual(
      call.participants_v2.slice(0, participantsWith.sessions).map(({ id }) => id),
    );
    expect(call.sessions![0]).not.toHaveProperty('segments');
  });

  it('carries media and segments while it is small enough', () => {
    const sessionOf = (largest: number) =>
      recordsOf({ calls: 1, largest, media: true }).at(-1)!.sessions![0]!;
    expect(sessionOf(participantsWith.media).segments![0]!.media).not.toEqual([]);
    expect(sessionOf(participantsWith.media + 1).segments![0]!.media).toEqual([]);
    expect(sessionOf(participantsWith.segments + 1)).not.toHaveProperty('segments');
  });
});
