import { describe, expect, it } from 'vitest';
import { StoreError } from '../store.ts';
import { hostsOf } from './hosts.ts';
import { serverName, withoutPassword } from './store-url.ts';

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

  it('is the only text that is shown in another way', () => {
    expect(withoutPassword('sqlite:./me:hush@home.db')).toBe('sqlite:./me:hush@home.db');
  });

  it.each(['/', '?', '#'])(
    'is refused when the password holds %s, which the driver would end it at',
    (mark) => {
      const refused = new StoreError(
        'The password in the URL of the store holds /, ? or #. Write them as %2F, %3F and %23.',
      );
      expect(() => hostsOf(`postgres://me:12${mark}hush@a/db`)).toThrow(refused);
    },
  );
});
