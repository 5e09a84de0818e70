/** Shows a verdict on media in a word. */
import { type PersonVerdict, verdictNames } from '../../contract/quality-words.ts';

const looks: Readonly<Record<PersonVerdict, string>> = {
  poor: 'badge warn',
  good: 'badge fine',
  unclassified: 'badge',
  noMedia: 'badge',
};

export function VerdictBadge({ verdict }: { readonly verdict: PersonVerdict }) {
  return <span class={looks[verdict]}>{verdictNames[verdict]}</span>;
}
