import { describe, expect, it } from 'vitest';
import { negotiateEncoding } from './encode-body.ts';

describe('Accept-Encoding', () => {
  it.each([
    ['gzip', 'gzip'],
    ['br, gzip, deflate', 'gzip'],
    ['*', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0.1, identity;q=0.5', 'identity'],
    ['br', 'identity'],
    ['', 'identity'],
    ['identity;q=0, gzip', 'gzip'],
  ])('%s gives %s', (header, encoding) => {
    expect(negotiateEncoding(header)).toBe(encoding);
  });

  it.each(['identity;q=0', '*;q=0', 'gzip;q=0, identity;q=0'])('%s leaves nothing', (header) => {
    expect(() => negotiateEncoding(header)).toThrow(expect.objectContaining({ fault: 'notAcceptable' }));
  });
});
