/** Tests the kind of reason of a `failureInfo`, and its text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { decidingFailure, failureOf, failureWords, reasonKinds } from './failure.ts';

describe('failureOf', () => {
  it.each([
    ['Call was not answered.', 'notAnswered'],
    ['No answer', 'notAnswered'],
    ['CallEndReasonNoAnswer', 'notAnswered'],
    ['480 Temporarily Unavailable: Call is not answered', 'notAnswered'],
    ['The callee declined the call.', 'declined'],
    ['603 Decline', 'declined'],
    ['User is busy.', 'busy'],
    ['SIP 486', 'busy'],
    ['486 Busy Here', 'busy'],
    ['Call was canceled by the originator.', 'canceled'],
    ['487 Request Terminated', 'canceled'],
    ['Network connection was lost.', 'network'],
    ['Media connectivity failure.', 'media'],
    ['CallEndReasonMediaError', 'media'],
    ['The call is declined because of media connectivity failure', 'media'],
    ['Client crashed.', 'client'],
    ['404 Not Found', 'unreachable'],
    ['SIP response 480', 'unreachable'],
    ['403 Forbidden', 'refused'],
    ['503', 'service'],
    ['Something else', 'other'],
    ['', 'unstated'],
    [null, 'unstated'],
  ])('reads %s as %s', (reason, kind) => {
    expect(failureOf({ stage: 'callSetup', reason }).kind).toBe(kind);
  });

  it('never calls an established call unanswered', () => {
    expect(failureOf({ stage: 'midcall', reason: 'The transfer was declined.' }).kind).toBe('other');
  });

  it('keeps any received text up to its limit, and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<unknown>('midcall', 7, null, {}, undefined),
        anyText(300),
        (stage, reason) => {
          const failure = failureOf({ stage, reason });
          expect(reasonKinds).toContain(failure.kind);
          expect(failure.text?.length ?? 0).toBeLessThanOrEqual(201);
          expect(failureWords(failure)).not.toBe('');
        },
      ),
    );
  });
});

it.each([
  [{ stage: 'callSetup', reason: 'Call was not answered.' }, 'Not answered: “Call was not answered.”'],
  [{ stage: 'callSetup', reason: 'busy' }, 'Busy'],
  [
    { stage: 'midcall', reason: 'Client crashed.' },
    'Client or device failed, during the call: “Client crashed.”',
  ],
  [{ stage: 'callSetup' }, 'No reason given, while connecting'],
])('says %j in words', (received, words) => {
  expect(failureWords(failureOf(received))).toBe(words);
});

it('selects the cause of a session, in whatever order its failures are', () => {
  const failures = ['', 'busy', 'Network lost', 'Network connection was lost.'].map((reason) =>
    failureOf({ stage: 'callSetup', reason }),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(failures, { minLength: 4 }), (some) => {
      expect(decidingFailure(some)?.text).toBe('Network connection was lost.');
    }),
  );
  expect(decidingFailure([])).toBe(undefined);
});
