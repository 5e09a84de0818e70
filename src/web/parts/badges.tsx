/** How a call went, in a word each. */
import type { FoundCall } from '../calls/found-call.ts';

export function Badges({ call }: { readonly call: Pick<FoundCall, 'failed' | 'poor' | 'incomplete'> }) {
  if (!call.failed && !call.poor && !call.incomplete) return null;
  return (
    <span class="badges">
      {call.failed && <span class="badge bad">Failed</span>}
      {call.poor && <span class="badge warn">Poor</span>}
      {call.incomplete && <span class="badge warn">Incomplete</span>}
    </span>
  );
}
