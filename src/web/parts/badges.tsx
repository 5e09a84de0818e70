/** Shows how a call ended, and its completeness state, in a word each. */
import { outcomeWords } from '../../contract/call-outcome.ts';
import type { CompletenessState } from '../../contract/completeness-state.ts';
import { type SessionFailure, failureWords, isUnanswered, reasonWords } from '../../contract/failure.ts';
import type { FoundCallRow } from '../calls/found-call.ts';
import { completenessMessages, failureMessages } from '../messages/en.ts';

type BadgedCall = Pick<FoundCallRow, 'outcome' | 'outcomeText' | 'failures' | 'poor' | 'state'>;

export function Badges({ call }: { readonly call: BadgedCall }) {
  return (
    <span class="badges">
      <OutcomeBadge call={call} />
      {call.poor && <span class="badge warn">{failureMessages.poorBadge}</span>}
      <StateBadge state={call.state} />
    </span>
  );
}

/** Shows nothing for a call that went well for everyone, as most do. */
function OutcomeBadge({ call }: { readonly call: BadgedCall }) {
  const { outcome, outcomeText, failures } = call;
  const [first] = failures?.reasons ?? [];
  if (outcome === 'failed')
    return (
      <span class="badge bad" title={outcomeText}>
        {first === undefined
          ? outcomeWords.failed
          : failureMessages.failedBecause(outcomeWords.failed, reasonWords[first.kind])}
      </span>
    );
  if (outcome !== 'completed' && outcome !== 'unknown')
    return (
      <span class="badge ended" title={first?.words ?? outcomeText}>
        {outcomeWords[outcome]}
      </span>
    );
  if (failures === null || failures.affected === 0) return null;
  return (
    <span class="badge warn" title={outcomeText}>
      {failureMessages.affected(failures.affected, failures.people)}
    </span>
  );
}

/** Shows why a person's sessions ended: the first reason, and the number of others. */
export function FailureBadge({ failures }: { readonly failures: readonly SessionFailure[] }) {
  const [first, ...more] = failures;
  if (first === undefined) return null;
  return (
    <span
      class={isUnanswered(first.kind) ? 'badge ended' : 'badge bad'}
      title={failures.map(failureWords).join('; ')}
    >
      {more.length === 0
        ? reasonWords[first.kind]
        : failureMessages.moreReasons(reasonWords[first.kind], more.length)}
    </span>
  );
}

const looks = { verified: 'badge verified', unverified: 'badge unverified', missing: 'badge bad' } as const;

function StateBadge({ state }: { readonly state: CompletenessState }) {
  return <span class={looks[state]}>{completenessMessages.badges[state]}</span>;
}
