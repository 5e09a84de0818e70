import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIn, subnetsOf } from './subnets.ts';

const refused = (text: string) => {
  try {
    subnetsOf([text]);
    return false;
  } catch (error) {
    if (error instanceof RangeError) return error.message.includes(`'${text}'`);
    throw error;
  }
};

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();
const address = fc.oneof(ipv4, ipv6);
const bitsOf = (text: string) => (isIP(text) === 6 ? 128 : 32);

describe('a list of subnets', () => {
  it('accepts every address with and without every prefix length, and contains the address itself', () => {
    fc.assert(
      fc.property(address, fc.option(fc.nat(128)), (text, length) => {
        const bits = length === null ? null : Math.min(length, bitsOf(text));
        const list = subnetsOf([bits === null ? text : `${text}/${bits}`]);
        expect(isIn(list, text)).toBe(true);
      }),
    );
  });

  it('contains the addresses with the same prefix, and no others', () => {
    const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    fc.assert(
      fc.property(ipv4, fc.integer({ min: 0, max: 32 }), ipv4, (subnet, bits, other) => {
        const rest = BigInt(32 - bits);
        const isSame = number(subnet) >> rest === number(other) >> rest;
        const list = subnetsOf([`${subnet}/${bits}`]);
        expect([isIn(list, other), isIn(list, `::ffff:${other}`)]).toEqual([isSame, isSame]);
      }),
    );
  });

  it.each([
    ...['10.0.0.0/8/8', '10.0.0.0/', '/8', '10.0.0.0//8', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08'],
    ...[
      '10.0.0.0/8.0',
      '10.0.0.0/1e1',
      '10.0.0.0/0x8',
      '10.0.0.0/ 8',
      ' 10.0.0.0/8',
      '10.0.0.0/8 ',
      '::/129',
    ],
    ...[
      '10.0.0.0/٨',
      '10.0.0/8',
      '10/8',
      '010.0.0.1',
      '10.0.0.0\\8',
      'fe80::1%eth0',
      'fe80::1%eth0/64',
      '[::1]',
    ],
    ...[
      '',
      '/',
      'localhost',
      '::1/',
      '::1/128/',
      '10.0.0.0/255.0.0.0',
      '10.0.0.0/8,11.0.0.0/8',
      '10.0.0.1:80',
    ],
  ])('refuses %j', (text) => {
    expect(refused(text)).toBe(true);
  });

  it('rejects any other text than an address and a prefix length', () => {
    const length = fc.nat(128).map(String);
    const junk = fc.constantFrom(
      '/',
      '/8',
      ' ',
      '.',
      '-',
      '+',
      '0',
      'e1',
      'x',
      ',',
      '%1',
      '\n',
      '\u0000',
      ':',
      '٣',
    );
    const malformed = fc
      .tuple(address, fc.option(length), junk, fc.nat(60))
      .map(([text, bits, more, at]) => {
        const whole = bits === null ? text : `${text}/${bits}`;
        return whole.slice(0, at) + more + whole.slice(at);
      })
      // An independent parser that shares no code with the tested one.
      .filter((text) => {
        const match = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text);
        const [, of = '', bits = '0'] = match ?? [];
        return isIP(of) === 0 || String(Number(bits)) !== bits || Number(bits) > bitsOf(of);
      });
    fc.assert(
      fc.property(malformed, (text) => refused(text)),
      { numRuns: 2000 },
    );
  });
});
