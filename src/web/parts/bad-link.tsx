/** Shows what is wrong with a link. */
import { linkMessages } from '../messages/en.ts';
import type { Problems } from '../parameters.ts';
import { type Place, withQuery } from '../place.ts';

interface BadLinkProps {
  readonly place: Place;
  readonly problems: Problems;
}

/** Stands in the place of a view. */
export function BadLink({ place, problems }: BadLinkProps) {
  const without = Object.fromEntries(Object.keys(problems).map((name) => [name, undefined]));
  return (
    <div class="state state-failed" role="alert">
      <h1>{linkMessages.title}</h1>
      <ProblemList problems={problems} />
      <p>
        <a href={withQuery(place, without)}>{linkMessages.openWithout}</a>
      </p>
    </div>
  );
}

/** Lists the errors of parameters that have no field. */
export function ProblemList({ problems }: { readonly problems: Problems }) {
  return (
    <ul class="problems">
      {Object.entries(problems).map(([name, message]) => (
        <li key={name}>
          <code>{name}</code>: {message}
        </li>
      ))}
    </ul>
  );
}
