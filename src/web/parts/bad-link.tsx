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

interface NothingShownProps {
  readonly problems: Problems;
  /** The fields of the form, which show their own errors. */
  readonly fields: readonly string[];
  /** The URL of the view without a search. */
  readonly all: string;
}

/** Says why a form has no results; errors of parameters without a field are listed. */
export function NothingShown({ problems, fields, all }: NothingShownProps) {
  const others = Object.entries(problems).filter(([name]) => !fields.includes(name));
  return (
    <div class="notice" role="alert">
      <p>{linkMessages.correct}</p>
      {others.length > 0 && <ProblemList problems={Object.fromEntries(others)} />}
      <p>
        <a href={all}>{linkMessages.showAll}</a>
      </p>
    </div>
  );
}

/** Lists the errors of parameters that have no field. */
function ProblemList({ problems }: { readonly problems: Problems }) {
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
