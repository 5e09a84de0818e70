import { expect, it } from 'vitest';
import { microsoftMeaning, sipMeaning, sipPhrase } from './response-codes.ts';
import { microsoftResponses } from './tables/microsoft-responses.ts';
import { sipResponses } from './tables/sip-responses.ts';

it('has a meaning for a code only where one is documented', () => {
  expect([sipPhrase(480), sipMeaning(480)]).toEqual([
    'Temporarily Unavailable',
    'The called user is not available at the moment.',
  ]);
  expect([sipPhrase(0), sipMeaning(499), sipPhrase(499)]).toEqual([undefined, undefined, undefined]);
  expect(microsoftMeaning(510560, 403)).toBe('The user is not enabled for Enterprise Voice.');
  expect(microsoftMeaning(531000, 410)).not.toBe(microsoftMeaning(531000, 488));
  expect(microsoftMeaning(540000, 0)).toBe('An incoming call ended normally.');
  expect(microsoftMeaning(560606, 606)).toBe('The SBC sent the final response 606.');
  for (const [code, sip] of [
    [560606, 480],
    [560000 + 99, 99],
    [510560, 404],
    [510560, undefined],
    [1, 480],
    [0, 0],
  ] as const)
    expect([code, sip, microsoftMeaning(code, sip)]).toEqual([code, sip, undefined]);
});

it('has each meaning once, as a sentence', () => {
  const keys = microsoftResponses.flatMap(({ code, sip }) => (sip ?? ['any']).map((one) => `${code} ${one}`));
  expect(new Set(keys).size).toBe(keys.length);
  const meanings = [
    ...Object.values(sipResponses).map(([, meaning]) => meaning),
    ...microsoftResponses.map(({ meaning }) => meaning),
  ];
  expect(meanings.filter((meaning) => !/^[A-Z].*\.$/.test(meaning))).toEqual([]);
});
