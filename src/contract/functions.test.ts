import { describe, expect, it } from 'vitest';
import { edms, structuredType } from './edm.ts';
import { resourceAt } from './resources.ts';

const names = (version: 'v1.0' | 'beta') => edms[version].functions.map(({ name }) => name);

it('v1.0 has two functions, beta five', () => {
  expect([names('v1.0'), names('beta')]).toEqual([
    ['getDirectRoutingCalls', 'getPstnCalls'],
    [
      'getDirectRoutingCalls',
      'getPstnBlockedUsersLog',
      'getPstnCalls',
      'getPstnOnlineMeetingDialoutReport',
      'getSmsLog',
    ],
  ]);
});

it('only direct routing excludes the upper bound', () => {
  expect(edms.beta.functions.filter((one) => one.upperBound === 'exclusive').map(({ name }) => name)).toEqual(
    ['getDirectRoutingCalls'],
  );
});

describe.each(edms.beta.functions)('$name', ({ name, returns, time, key, pageSize }) => {
  const { properties } = structuredType(edms.beta, returns);

  it('filters by a time that its rows have', () => {
    const expected = name === 'getPstnOnlineMeetingDialoutReport' ? undefined : 'Edm.DateTimeOffset';
    expect(time === undefined ? undefined : properties.get(time)?.type).toBe(expected);
  });

  it('has rows with a key where their type has an id', () => {
    expect(key).toBe(properties.has('id') ? 'id' : undefined);
  });

  it('is a resource, for either permission', () => {
    expect(pageSize).toBe(1000);
    expect(resourceAt(`communications/callRecords/${name}`)).toEqual({
      permissions: ['CallRecord-PstnCalls.Read.All', 'CallRecords.Read.All'],
      clouds: ['global', 'usgov', 'usgov-dod'],
      options: ['skip'],
      ignored: ['filter'],
      selectable: false,
      takesPreferences: false,
    });
  });
});
