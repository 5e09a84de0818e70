/** Shows all stored states of a call, with the changes between them. */
import type { MissingPart, ListEvidence } from '../../contract/call-completeness.ts';
import { getJson } from '../api.ts';
import { useLoaded } from '../loaded.ts';
import { countMessages, versionMessages as messages } from '../messages/en.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { type Place, withQuery } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatTime, type Zone } from '../times.ts';
import { missingPartWords } from './completeness.ts';
import { VersionsCompare } from './versions-compare.tsx';
import type { RollPerson } from '../../analysis/roll.ts';

interface ListChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

interface Edition {
  readonly version: number;
  readonly edition: number;
  readonly lastModifiedDateTime: string | null;
  readonly receivedDateTime: string | null;
  readonly participants: ListEvidence | null;
  readonly sessions: ListEvidence | null;
  readonly foundParticipants: number;
  readonly lacking: readonly MissingPart[];
  readonly changes: {
    readonly properties: readonly { readonly name: string; readonly old?: unknown; readonly new?: unknown }[];
    readonly participants: ListChanges;
    readonly sessions: ListChanges;
  } | null;
}

interface VersionsViewProps {
  readonly callId: string;
  readonly people: readonly RollPerson[];
  readonly place: Place;
}

export function VersionsView({ callId, people, place }: VersionsViewProps) {
  const [shownZone] = useChoice(zone);
  const path = `/rollcall/callRecords/${encodeURIComponent(callId)}/versions`;
  const versions = useLoaded(path, (signal) =>
    getJson<{ readonly value: readonly Edition[] }>(path, { signal }),
  );
  if (versions.state === 'failed') return <Failed error={versions.error} retry={versions.reload} />;
  if (versions.value === undefined) return <Loading what={messages.loading} />;
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const editions = versions.value.value;
  return (
    <>
      {editions.length > 1 ? (
        <VersionsCompare callId={callId} states={editions} place={place} />
      ) : (
        <p class="quiet">{messages.oneState}</p>
      )}
      <h2>{messages.allStates}</h2>
      <ol class="versions">
        {editions.toReversed().map((edition) => (
          <li key={edition.edition}>
            <h3>
              {messages.version(edition.version)}{' '}
              <span class="quiet">
                {messages.times(
                  momentOf(edition.lastModifiedDateTime, shownZone),
                  momentOf(edition.receivedDateTime, shownZone),
                )}
              </span>
            </h3>
            <p>
              {listsText(edition)}
              {edition.lacking.length > 0 &&
                messages.lacking(edition.lacking.map((part) => missingPartWords[part]))}
            </p>
            <Changes edition={edition} names={names} />
            <a href={rollHref(place, edition.version)}>{messages.showRoll(edition.version)}</a>
          </li>
        ))}
      </ol>
    </>
  );
}

function listsText({ participants, foundParticipants, sessions }: Edition): string {
  return messages.lists(
    participants === null
      ? countMessages.inferredParticipants(foundParticipants)
      : countMessages.participants(participants.count),
    sessions === null ? messages.sessionsNotReceived : countMessages.sessions(sessions.count),
  );
}

function momentOf(dateTime: string | null, shownZone: Zone): string {
  return dateTime === null ? messages.unknownTime : formatTime(dateTime, 'moment', shownZone);
}

interface ChangesProps {
  readonly edition: Edition;
  readonly names: ReadonlyMap<string, string>;
}

function Changes({ edition: { changes }, names }: ChangesProps) {
  if (changes === null) return <p class="quiet">{messages.first}</p>;
  const { properties, participants, sessions } = changes;
  const lines = [
    ...listLines('participants', participants, names),
    ...listLines('sessions', sessions, names),
  ];
  if (properties.length === 0 && lines.length === 0) return <p class="quiet">{messages.noChanges}</p>;
  return (
    <ul class="changes">
      {properties.map(({ name, old, new: fresh }) => (
        <li key={name}>
          {/* Texts that were truncated may differ only in the hidden part. */}
          {shortJson(old) === shortJson(fresh)
            ? messages.changed(<code>{name}</code>)
            : messages.changedTo(
                <code>{name}</code>,
                <del>{shortJson(old)}</del>,
                <span aria-hidden="true">→</span>,
                <ins>{shortJson(fresh)}</ins>,
              )}
        </li>
      ))}
      {lines.map(({ what, named, more }) => (
        <li key={what}>
          {messages.named(
            what,
            named.map((name) => <bdi>{name}</bdi>),
            more,
          )}
        </li>
      ))}
    </ul>
  );
}

const mostNamed = 12;

interface Line {
  readonly what: string;
  readonly named: readonly string[];
  /** The number of those that are not named. */
  readonly more: number;
}

function listLines(
  part: 'participants' | 'sessions',
  list: ListChanges,
  names: ReadonlyMap<string, string>,
): readonly Line[] {
  return (['added', 'removed', 'changed'] as const).flatMap((kind) => {
    const ids = list[kind];
    if (ids.length === 0) return [];
    const named = ids.slice(0, mostNamed).map((id) => names.get(id) ?? id);
    return [{ what: messages[part][kind](ids.length), named, more: ids.length - named.length }];
  });
}

const longestValue = 120;

function shortJson(value: unknown): string {
  if (value === undefined) return messages.absent;
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** Returns the address of a version's roll, without what this view compares. */
function rollHref(place: Place, version: number): string {
  const none = { view: undefined, left: undefined, right: undefined };
  return withQuery(place, { ...none, version: String(version) });
}
