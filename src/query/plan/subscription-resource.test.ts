import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../contract/faults.ts';
import { planResource } from './subscription-resource.ts';

const guid = 'abcdef01-89ab-4def-8123-456789abcdef';
const path = 'communications/callRecords';
/** Returns the message of the refusal, or `none`; any other error fails the test. */
function refusal(parse: () => unknown): string {
  try {
    parse();
    return 'none';
  } catch (error) {
    if (error instanceof Fault && error.fault === 'badSubscription' && error.target === 'resource')
      return error.message;
    throw error;
  }
}
const filtered = (filter: string) => planResource(`${path}?$filter=${filter}`);
const offered = "participants/any(p:p/id eq '{id}'), with eq, in and or";

describe('the resource of a subscription', () => {
  it.each([path, `/${path}`, '/Communications/CALLRECORDS'])('has no filter as %s', (resource) => {
    expect(planResource(resource)).toBe(undefined);
  });

  it.each([
    [`participants/any(p:p/id eq '${guid}')`, [guid]],
    [`participants/any(x_1 : x_1/id EQ '${guid.toUpperCase()}' )`, [guid]],
    ["participants/any(p:p/id in ('a', 'b'))", ['a', 'b']],
    ["participants/any(p:p/id eq 'a' or p/id in ('b','a') OR (p/id eq 'c'))", ['a', 'b', 'c']],
    ["(participants/any(p:(p/id eq 'a'))) or participants/any(q:q/id eq 'b')", ['a', 'b']],
    ["participants/any(p:p/id eq 'O''Neil')", ["O'Neil"]],
    [encodeURIComponent("participants/any(p:p/id in ('a','ä'))"), ['a', 'ä']],
    ['participants/any(p:p/id+eq+%27a%27)', ['a']],
    ["participants/any(p:p/id%20eq '%2B49')", ['+49']],
  ])('has the ids of the filter %s', (filter, ids) => {
    expect(filtered(filter)).toEqual(ids);
    expect(planResource(`/${path.toUpperCase()}?%24Filter=${filter}`)).toEqual(ids);
  });

  it.each([
    "participants_v2/any(p:p/id eq 'a')",
    "participants/any(p:p/user/id eq 'a')",
    "participants/any(p:q/id eq 'a')",
    "participants/any(p:p/id ne 'a')",
    "participants/any(p:not (p/id eq 'a'))",
    "participants/any(p:p/id eq 'a' and p/id eq 'b')",
    'participants/any(p:p/id in (5))',
    'participants/any(p:p/id in ())',
    `participants/any(p:p/id eq ${guid})`,
    "participants/any(p:'a' eq p/id)",
    "participants/any(p:startswith(p/id,'a'))",
    "participants/all(p:p/id eq 'a')",
    'participants/any()',
    "participants/any(p:p/id eq 'a') and startDateTime ge 2026-01-01T00:00:00Z",
    "participants/any(p:p/id eq 'a') or id eq 'c'",
    "id eq 'a'",
    "'a'",
  ])('is refused with the filter %s, naming what is offered', (filter) => {
    expect(refusal(() => filtered(filter))).toMatch(
      /^The filter '.+' is not supported for change notifications: /,
    );
    expect(refusal(() => filtered(filter))).toContain(offered);
  });

  it.each([
    ["participants/any(p:p/id eq 'a'", 30],
    ["participants/any(p:p/id eq 'a') or", 34],
    ["participants/any(p/id eq 'a')", 18],
    ["participants/any(p:p/id in ('a',b'))", undefined],
    ['', 0],
  ])('says where the filter %j does not parse', (filter, position) => {
    expect(refusal(() => filtered(filter))).toContain(
      position === undefined
        ? 'unterminated string literal'
        : `Syntax error at position ${position} in '${filter}'.`,
    );
  });

  it.each([
    ['communications/callRecords/1', "The resource 'communications/callRecords/1' is not supported"],
    ['communications/calls?$filter=x', "The resource 'communications/calls?$filter=x' is not supported"],
    [`${path}?`, "The query option '' is not supported in the resource: only $filter is"],
    [`${path}?$select=id`, "The query option '$select' is not supported in the resource: only $filter is"],
    [`${path}?$filter=participants/any(p:p/id eq 'a')&$top=5`, "The query option '$top' is not supported"],
    [`${path}?filter=participants/any(p:p/id eq 'a')`, "The query option 'filter' is not supported"],
    [`${path}?$filter=a&%24filter=b`, "The query option '$filter' is given twice"],
    [`${path}?$filter=%zz`, 'The percent-encoding in the filter of the resource is broken.'],
    [`${path}?$filter=participants/any(p:p/id eq '')`, 'must be 1 to 128 characters'],
    [`${path}?$filter=participants/any(p:p/id eq '${'a'.repeat(129)}')`, 'must be 1 to 128 characters'],
    [`${path}?$filter=participants/any(p:p/id eq '%00')`, 'without control characters'],
    [`${path}?$filter=participants/any(p:p/id eq '\0')`, 'without control characters'],
    [`${path}?$filter=participants/any(p:p/id eq '\ud800')`, 'without control characters'],
    [`${path}?${'x'.repeat(8192)}`, 'at most 8192 characters'],
    [
      `${path}?$filter=participants/any(p:p/id in (${Array.from({ length: 101 }, (_, i) => `'${i}'`).join()}))`,
      'The filter of the resource has 101 ids: at most 100 are supported.',
    ],
  ])('is refused as %j', (resource, message) => {
    expect(refusal(() => planResource(resource))).toContain(message);
  });

  it('accepts 100 ids', () => {
    const ids = Array.from({ length: 100 }, (_, i) => `${guid.slice(0, -3)}${String(i).padStart(3, '0')}`);
    expect(filtered(`participants/any(p:${ids.map((id) => `p/id eq '${id}'`).join(' or ')})`)).toEqual(ids);
  });

  it('is accepted or refused with a fault, whatever the text', () => {
    const piece = fc.constantFrom(..."' ( ) , p = + % & a or p/id eq in %27 'a'".split(' '));
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((inner) => `participants/any(p:${inner})`),
        ),
        (filter) => {
          const found: string[] = [];
          const said = refusal(() => found.push(...(filtered(filter) ?? [])));
          expect(found.length > 0).toBe(said === 'none');
        },
      ),
    );
  });
});
