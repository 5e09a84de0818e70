import { describe, expect, it } from 'vitest';
import { refusal } from '../../test/support/refusal.ts';
import { formatOrderBy, parseOrderBy } from './orderby.ts';

describe('$orderby', () => {
  it.each([
    ['a', 'a'],
    ['a ASC , b\tdesc', 'a,b desc'],
    ['asc desc,desc', 'asc desc,desc'],
    ['a/$count desc,length(b) asc', 'a/$count desc,length(b)'],
    ['a ge b asc', 'a ge b'],
  ])('%s is %s', (text, canonical) => {
    expect(formatOrderBy(parseOrderBy(text))).toBe(canonical);
  });

  it.each([
    ['', 0],
    ['a,', 2],
    ['a down', 2],
    ['a descend', 2],
    ['a asc desc', 6],
  ])('says that %j does not parse at position %i', (text, position) => {
    expect(refusal(() => parseOrderBy(text))).toBe(
      `Invalid orderby clause: Syntax error at position ${position} in '${text}'.`,
    );
  });
});
