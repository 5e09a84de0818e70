/** Takes the roll of a call along: whole as a file, as shown to the clipboard and on paper. */
import type { RollPerson } from '../../analysis/roll.ts';
import { takeAlongMessages as messages } from '../messages/en.ts';
import { fileNamePart } from '../parts/download.ts';
import { ExportLinks } from '../parts/export-links.tsx';
import type { Place } from '../place.ts';
import { useChoice, zone } from '../preferences.ts';
import { copiedRoll } from './copied-roll.ts';

interface RollExportProps {
  readonly place: Place;
  readonly people: readonly RollPerson[];
  /** The people as filtered and ordered. */
  readonly shown: readonly RollPerson[];
}

/** From this many rows on, a browser prints for more than a few seconds. */
const manyRows = 3000;
const rowsPerPage = 50;

export function RollExport({ place, people, shown }: RollExportProps) {
  const [shownZone] = useChoice(zone);
  const id = decodeURIComponent(place.path.slice('/calls/'.length));
  const version = place.query.get('version') ?? undefined;
  const path = `/rollcall/calls/${encodeURIComponent(id)}/roll`;
  const prefer = version === undefined ? undefined : `rollcall.as-of=${version}`;
  const name = ['roll', ...dayOf(people), fileNamePart(id)].join('-');
  const notes = [
    ...(shown.length < people.length ? [messages.wholeRoll] : []),
    ...(shown.length > manyRows ? [messages.slowPrint(Math.ceil(shown.length / rowsPerPage))] : []),
  ];
  return (
    <ExportLinks
      files={[
        { path: `${path}?format=csv`, prefer, name, kind: 'csv' },
        { path, prefer, name, kind: 'json' },
      ]}
      table={() => copiedRoll(shown, shownZone)}
      note={notes.length === 0 ? undefined : notes.join(' ')}
    />
  );
}

/** Returns the UTC day on which the first person joined; nothing when no time is known. */
function dayOf(people: readonly RollPerson[]): readonly string[] {
  let first: string | undefined;
  for (const { joinedDateTime } of people)
    if (joinedDateTime !== null && (first === undefined || joinedDateTime < first)) first = joinedDateTime;
  return first === undefined ? [] : [first.slice(0, 10)];
}
