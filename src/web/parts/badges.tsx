/** How a call went, and how far it is proved complete, in a word each. */
import type { CompletenessState } from '../../contract/completeness-state.ts';
import type { FoundCallRow } from '../calls/found-call.ts';

export function Badges({ call }: { readonly call: Pick<FoundCallRow, 'failed' | 'poor' | 'state'> }) {
  return (
    <span class="badges">
      {call.failed && <span class="badge bad">Failed</span>}
      {call.poor && <span class="badge warn">Poor</span>}
      <StateBadge state={call.state} />
    </span>
  );
}

const states = {
  verified: { word: 'Verified', looks: 'badge verified' },
  unverified: { word: 'Not verified', looks: 'badge unverified' },
  missing: { word: 'Incomplete', looks: 'badge bad' },
} as const;

function StateBadge({ state }: { readonly state: CompletenessState }) {
  const { word, looks } = states[state];
  return <span class={looks}>{word}</span>;
}
