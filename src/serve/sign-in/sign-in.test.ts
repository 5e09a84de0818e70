import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAttempt, parseAttempt } from './attempt.ts';
import { parseReturnPath } from './return-path.ts';
import { createSeal } from './seal.ts';
import { createSessions } from './session.ts';

const clock = () => new Date('2026-03-02T12:00:00.700Z');
const seal = createSeal(randomBytes(32), clock);
const sessions = createSessions(seal, 'authority client', clock);
const person = { tenantId: 'tenant', subject: 'subject', name: 'Ada Example' };

describe('the path to return to', () => {
  const host = 'https://calls.example';
  const hostile = fc.string({
    unit: fc.constantFrom(
      ...'/\\.:@?#%2ftab\t\n evil'.split(''),
      '//',
      'http:',
      'evil.example',
      '%2F',
      '\u0000',
      'é',
    ),
    maxLength: 12,
  });

  it('stays on this server as a browser resolves it, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          hostile.map((text) => `/${text}`),
          fc.string(),
          fc.webUrl(),
        ),
        (text) => {
          const path = parseReturnPath(text);
          if (path === undefined) return;
          expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
          const resolved = new URL(path, `${host}/rollcall/sign-in/callback`);
          expect(resolved.origin).toBe(host);
          expect(`${resolved.pathname}${resolved.search}${resolved.hash}`).toBe(path);
          expect(resolved.pathname).not.toMatch(/^\/rollcall\/sign-in(\/|$)/);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is kept as it was asked, with its query and fragment', () => {
    const segment = fc.stringMatching(/^[a-z0-9-]{1,10}$/);
    fc.assert(
      fc.property(segment, segment, segment, (call, name, value) => {
        const path = `/calls/${call}?${name}=${value}#${value}`;
        expect(parseReturnPath(path)).toBe(path);
      }),
    );
  });

  it.each([null, ''])('is the first page when %j is asked', (text) => {
    expect(parseReturnPath(text)).toBe('/');
  });

  it('is none when it is too long to keep', () => {
    expect(parseReturnPath(`/${'a'.repeat(1023)}`)).toHaveLength(1024);
    expect(parseReturnPath(`/${'a'.repeat(1024)}`)).toBeUndefined();
  });
});

describe('a session’s text', () => {
  it('opens to what it was made of, until eight hours have passed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uuid(), fc.string(), fc.string(), async (tenantId, subject, name) => {
        const { text, session } = await sessions.begin({ tenantId, subject, name });
        expect(text.length).toBeLessThan(4096);
        const opened = await sessions.open(text);
        expect(opened?.session).toEqual(session);
        expect(session.untilMs).toBe(Date.parse('2026-03-02T20:00:00Z'));
        expect(opened?.caller).toEqual({
          tenantId,
          appId: 'page',
          principalId: subject,
          roles: ['CallRecords.Read.All'],
          delegated: false,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('opens to nothing when one character of it is another', async () => {
    const { text } = await sessions.begin(person);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'.split('');
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(text[at] !== character);
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        expect(await sessions.open(changed)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('is the only one: any other text opens to nothing and throws nothing', async () => {
    const part = fc.base64String().map((text) => Buffer.from(text, 'base64').toString('base64url'));
    const five = fc.array(part, { minLength: 5, maxLength: 5 }).map((parts) => parts.join('.'));
    const headed = fc
      .tuple(fc.json(), part, part, part)
      .map(([header, ...rest]) => [Buffer.from(header).toString('base64url'), '', ...rest].join('.'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), five, headed), async (text) => {
        expect(await sessions.open(text)).toBeUndefined();
      }),
    );
  });

  it('is good for its own kind, its own key and its own purpose alone', async () => {
    const { text } = await sessions.begin(person);
    const attempt = { state: 's', nonce: 'n', codeVerifier: 'v', redirectUri: 'r', returnPath: '/' };
    const other = await formatAttempt(attempt, seal, clock().getTime());
    expect(await parseAttempt(other, seal)).toMatchObject(attempt);
    expect(await createSessions(seal, 'development', clock).open(text)).toBeUndefined();
    expect(
      await createSessions(createSeal(randomBytes(32), clock), 'authority client', clock).open(text),
    ).toBeUndefined();
    expect(await sessions.open(other)).toBeUndefined();
    expect(await parseAttempt(text, seal)).toBeUndefined();
  });

  it('keeps a long name short enough for a cookie', async () => {
    const { text, session } = await sessions.begin({ ...person, name: '名'.repeat(10_000) });
    expect([session.name.length, text.length < 4096]).toEqual([200, true]);
  });
});
