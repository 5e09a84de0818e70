/** Shows who matched the search in a call, the other party, and how many more there are. */
import { searchMessages as messages } from '../messages/en.ts';
import { type FoundCallRow, organizerName, type ShownPerson } from './found-call.ts';

/** Names of the people that are shown before "and more". */
const mostShown = 3;

export function CallNames({ call }: { readonly call: FoundCallRow }) {
  const { matched, others } = call.people;
  const shown = [...(matched ?? []), ...others].slice(0, mostShown);
  if (shown.length === 0) return <bdi>{organizerName(call)}</bdi>;
  const isMet = (matched?.length ?? 0) > 0;
  return (
    <>
      {shown.map((person, i) => (
        <span key={i}>
          {i > 0 && <Between isFirst={i === 1 && isMet} />}
          <Name person={person} />
        </span>
      ))}
    </>
  );
}

/** An arrow between who matched and whom they met; commas between others. */
function Between({ isFirst }: { readonly isFirst: boolean }) {
  if (!isFirst) return <>{messages.comma}</>;
  return (
    <>
      <span aria-hidden="true">{messages.between}</span>
      <span class="sr">{messages.betweenRead}</span>
    </>
  );
}

function Name({ person }: { readonly person: ShownPerson }) {
  const { name, id, matchedIn, matchedText } = person;
  const shown = name ?? id ?? messages.unnamed;
  const isElsewhere = matchedIn !== null && matchedIn !== shown;
  return (
    <>
      <bdi>{matchedIn === shown ? <Marked text={shown} ranges={matchedText} /> : shown}</bdi>
      {isElsewhere && (
        <span class="quiet">
          {' '}
          <bdi>
            <Marked text={matchedIn} ranges={matchedText} />
          </bdi>
        </span>
      )}
      {!person.isParticipant && <span class="quiet"> {messages.absentOrganizer}</span>}
      {person.affiliation === 'external' && (
        <>
          {' '}
          <span class="badge warn">{messages.externalOfTenant(person.tenantName)}</span>
        </>
      )}
    </>
  );
}

interface MarkedProps {
  readonly text: string;
  /** In UTF-16 units, ascending. */
  readonly ranges: ShownPerson['matchedText'];
}

function Marked({ text, ranges }: MarkedProps) {
  const ends = ranges.map(({ start, length }) => start + length);
  return (
    <>
      {ranges.map(({ start }, i) => (
        <>
          {text.slice(ends[i - 1] ?? 0, start)}
          <mark>{text.slice(start, ends[i])}</mark>
        </>
      ))}
      {text.slice(ends.at(-1) ?? 0)}
    </>
  );
}

/** Counts who is not named, who is outside, and of whom that is not known. */
export function CallCounts({ call }: { readonly call: FoundCallRow }) {
  const counts = countsOf(call);
  return counts === '' ? null : (
    <span class="quiet counts">
      {messages.comma}
      {counts}
    </span>
  );
}

/** Returns what a row shows of the people in a call, as text. */
export function shownPeopleText(call: FoundCallRow): string {
  const { matched, others } = call.people;
  const shown = [...(matched ?? []), ...others].slice(0, mostShown);
  if (shown.length === 0) return organizerName(call);
  const [first, ...rest] = shown.map(({ name, id }) => name ?? id ?? messages.unnamed);
  const isMet = (matched?.length ?? 0) > 0;
  const names =
    isMet && rest.length > 0
      ? `${first}${messages.between}${rest.join(messages.comma)}`
      : [first, ...rest].join(messages.comma);
  return [names, countsOf(call)].filter((text) => text !== '').join(messages.comma);
}

function countsOf(call: FoundCallRow): string {
  const { matched, others, more, external, unknown } = call.people;
  const rest = more + Math.max(0, (matched?.length ?? 0) + others.length - mostShown);
  const counts = [
    rest > 0 && messages.moreOf(rest),
    external !== null && external > 0 && messages.externalOf(external),
    unknown !== null && unknown > 0 && messages.unknownOf(unknown),
    matched === null && messages.notLookedUp,
  ].filter((count) => count !== false);
  return counts.join(messages.comma);
}
