import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../store.ts';
import { hostsOf } from './hosts.ts';

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

  it('are told what is asked for', () => {
    const wishOf = (query: string) => hostsOf(`postgres://a/db${query}`).wish;
    expect(['', '?target_session_attrs=any', '?target_session_attrs=standby'].map(wishOf)).toEqual([
      'any',
      'any',
      'standby',
    ]);
    expect(() => wishOf('?target_session_attrs=')).toThrow(StoreError);
  });

  it('stand in their order, and lose no other option', () => {
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

  it('are never anything else than hosts or a sentence, whatever is written', () => {
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
