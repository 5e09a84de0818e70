/** Tests the outcome of a call, decided from its sessions. */
import { describe, expect, it } from 'vitest';
import { OutcomeTally, outcomeSentence } from './call-outcome.ts';
import { failureOf } from './failure.ts';

type Session = readonly [people: readonly string[], reason?: string, stage?: string];

function outcomeOf(sessions: readonly Session[]) {
  const tally = new OutcomeTally();
  for (const [people, reason, stage = 'callSetup'] of sessions)
    tally.add(people, reason === undefined ? undefined : failureOf({ stage, reason }));
  return tally.result();
}

describe('a call', () => {
  it.each<readonly [string, string, readonly Session[]]>([
    ['without sessions', 'unknown', []],
    ['of people who talked', 'completed', [[['a', 'b']]]],
    ['that nobody answered', 'notAnswered', [[['a', 'b'], 'Call was not answered.']]],
    ['that was declined', 'declined', [[['a', 'b'], '603 Decline']]],
    ['to a busy person', 'busy', [[['a', 'b'], 'busy']]],
    ['that the caller gave up', 'canceled', [[['a', 'b'], 'Call canceled']]],
    ['between two that broke off', 'failed', [[['a', 'b'], 'Network lost', 'midcall']]],
    ['that rang two people, one after the other', 'completed', [[['a', 'b'], 'No answer'], [['a', 'c']]]],
    [
      'of one person in a meeting, for nobody else came',
      'declined',
      [[['a']], [['b'], 'declined'], [['c'], 'declined'], [['d'], 'busy']],
    ],
    ['of whom one did not come', 'completed', [[['a']], [['b']], [['c'], 'No answer']]],
    ['of whom one of three crashed', 'completed', [[['a']], [['b']], [['c'], 'crash']]],
    [
      'of whom one of three crashed and came back',
      'completed',
      [[['a']], [['b']], [['c'], 'crash'], [['C']]],
    ],
    ['of whom two of four crashed', 'failed', [[['a']], [['b']], [['c'], 'crash'], [['d'], 'crash']]],
    ['of people nobody knows', 'completed', [[[]], [[]], [[], 'crash']]],
  ])('%s is %s', (_, outcome, sessions) => {
    expect(outcomeOf(sessions).outcome).toBe(outcome);
  });

  it('of 20,000 is not failed by one crash, and says the share', () => {
    const sessions = Array.from({ length: 20_000 }, (_, i): Session => [[`p${i}`]]);
    const outcome = outcomeOf([...sessions, [['p7'], 'Client crashed.', 'midcall']]);
    expect(outcome).toEqual({
      outcome: 'completed',
      reasons: ['client'],
      failures: {
        people: 20_000,
        affected: 1,
        reasons: [{ kind: 'client', stage: 'midcall', text: 'Client crashed.', sessions: 1, people: 1 }],
      },
    });
    expect(outcomeSentence(outcome)).toBe('Completed. 1 of 20,000 people had a failure.');
  });
});

it.each<readonly [readonly Session[], string]>([
  [[], 'Unknown: no session of this call is stored.'],
  [[[['a', 'b']]], 'Completed.'],
  [[[['a', 'b'], 'Call was not answered.']], 'Not answered.'],
  [
    [[['a', 'b'], 'Network lost', 'midcall']],
    'Failed: Network connection lost, during the call: “Network lost”. 2 of 2 people had a failure.',
  ],
])('says %j in a sentence', (sessions, sentence) => {
  expect(outcomeSentence(outcomeOf(sessions))).toBe(sentence);
});
