import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../store-errors.ts';
import { hostsOf, serverName, withoutPassword } from './store-url.ts';

describe('the URL of a store', () => {
  it.each([
    ['postgres://db.example/rollcall', 'postgres://db.example/rollcall', 'postgres://db.example/rollcall'],
    ['postgresql://a:5432,[::1]?sslmode=require', 'postgres://a:5432,[::1]/', undefined],
    ['postgres://me@a/db?application_name=x@y', 'postgres://a/db', undefined],
    ['postgres://me:hush@a:1,b/db', 'postgres://a:1,b/db', 'postgres://me:PASSWORD@a:1,b/db'],
    ['postgres://me:hush%40hush@a/db', 'postgres://a/db', 'postgres://me:PASSWORD@a/db'],
    [
      'postgres://me:hush@hush@a/db?sslmode=require',
      'postgres://a/db',
      'postgres://me:PASSWORD@a/db?sslmode=require',
    ],
    ['postgres://me:12/hush?hush#hush@a/db', 'postgres://a/db', 'postgres://me:PASSWORD@a/db'],
    [
      'postgres://a/db?user=me&password=hush&sslmode=require',
      'postgres://a/db',
      'postgres://a/db?user=me&password=PASSWORD&sslmode=require',
    ],
  ])('%s is shown without its password', (url, server, shown = url) => {
    expect([serverName(url), withoutPassword(url)]).toEqual([server, shown]);
  });

  it('is the only text whose password is replaced', () => {
    expect(withoutPassword('sqlite:./me:hush@home.db')).toBe('sqlite:./me:hush@home.db');
  });

  it.each(['/', '?', '#'])(
    'is refused when the password holds %s, at which the driver would end it',
    (mark) => {
      const refused = new StoreError(
        'The password in the URL of the store contains /, ? or #. Write them as %2F, %3F and %23.',
      );
      expect(() => hostsOf(`postgres://me:12${mark}hush@a/db`)).toThrow(refused);
    },
  );
});

describe('the hosts of a URL', () => {
  it.each([
    ['postgres://u:p@a:1/db', ['postgres://u:p@a:1/db']],
    [
      'postgresql://u:p%40@a:1,b,[::1]:3/db?sslmode=require&target_session_attrs=read-write&application_name=x',
      ['a:1', 'b', '[::1]:3'].map(
        (host) => `postgresql://u:p%40@${host}/db?sslmode=require&application_name=x`,
      ),
    ],
    ['postgres://a,b?target_session_attrs=primary', ['postgres://a', 'postgres://b']],
  ])('of %s', (url, urls) => {
    expect(hostsOf(url).urls).toEqual(urls);
  });

  it('have the requested target_session_attrs', () => {
    const targetOf = (query: string) => hostsOf(`postgres://a/db${query}`).target;
    expect(['', '?target_session_attrs=any', '?target_session_attrs=standby'].map(targetOf)).toEqual([
      'any',
      'any',
      'standby',
    ]);
    expect(() => targetOf('?target_session_attrs=')).toThrow(StoreError);
  });

  it('keep their order and all other options', () => {
    const host = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}(:[1-9]\d{0,3})?$/);
    const option = fc.stringMatching(/^[a-z]{1,6}=[a-zA-Z0-9%./-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(host, { minLength: 1, maxLength: 4 }),
        fc.array(option, { maxLength: 4 }),
        (hosts, options) => {
          const query = options.length === 0 ? '' : `?${options.join('&')}`;
          const url = `postgres://user:secret@${hosts.join(',')}/db${query}`;
          expect(hostsOf(url).urls).toEqual(hosts.map((one) => `postgres://user:secret@${one}/db${query}`));
        },
      ),
    );
  });

  it('are hosts or an error message, whatever the URL is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(hostsOf(`postgres://${text}`).urls.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreError);
        }
      }),
    );
  });
});
