import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../store.ts';
import { Hosts } from './hosts.ts';

/** The hosts of a URL in the order they are tried. */
function tried(url: string): string[] {
  const hosts = new Hosts(url);
  return Array.from({ length: hosts.count }, () => {
    const { current } = hosts;
    hosts.leave(current);
    return current;
  });
}

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
    expect(tried(url)).toEqual(urls);
  });

  it('are told what is asked for', () => {
    const wishOf = (query: string) => new Hosts(`postgres://a/db${query}`).wish;
    expect(['', '?target_session_attrs=any', '?target_session_attrs=standby'].map(wishOf)).toEqual([
      undefined,
      undefined,
      'standby',
    ]);
    expect(() => wishOf('?target_session_attrs=')).toThrow(StoreError);
  });

  it('are each tried once, whoever leaves one first, and lose no other option', () => {
    const host = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}(:[1-9]\d{0,3})?$/);
    const option = fc.stringMatching(/^[a-z]{1,6}=[a-zA-Z0-9%./-]{0,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(host, { minLength: 1, maxLength: 4 }),
        fc.array(option, { maxLength: 4 }),
        (hosts, options) => {
          const query = options.length === 0 ? '' : `?${options.join('&')}`;
          const url = `postgres://user:secret@${hosts.join(',')}/db${query}`;
          expect(tried(url)).toEqual(hosts.map((one) => `postgres://user:secret@${one}/db${query}`));
          const shared = new Hosts(url);
          const first = shared.current;
          for (let i = 0; i < 3; i++) shared.leave(first);
          expect(shared.current).toBe(tried(url)[1 % hosts.length]);
        },
      ),
    );
  });

  it('are never anything else than hosts or a sentence, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(new Hosts(`postgres://${text}`).count).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreError);
        }
      }),
    );
  });
});
