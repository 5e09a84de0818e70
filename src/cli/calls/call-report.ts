/** Formats a call for `show`: its facts, and the roll as a table. */
import type { RollPerson } from '../../analysis/roll.ts';
import { printable } from '../../base/printable.ts';
import type { Terminal } from '../../base/terminal.ts';
import { affiliations } from '../../contract/affiliation.ts';
import { outcomeSentence } from '../../contract/call-outcome.ts';
import { stateWords } from '../../contract/completeness-words.ts';
import { failureWords } from '../../contract/failure.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import { type PersonVerdict, ratingName, verdictNames } from '../../contract/quality-words.ts';
import { formatColumns, type TableColumn } from '../column-table.ts';
import { formatCount, formatTable, type TableCell, type TableOutput } from '../table.ts';
import { type CallInFull, type FullPerson, isPoorFor } from './call-in-full.ts';
import { mediaLines } from './media-text.ts';
import { secondsOf, callTypeName } from './found-table.ts';
import { shownLength, shownTime } from './shown-times.ts';

export function callReport(call: CallInFull, stdout: Terminal['stdout']): string {
  const facts = formatTable(factsOf(call, stdout), stdout, { wrapsLast: true });
  return [facts, peopleLine(call, stdout), rollTable(call, stdout), qualityLines(call, stdout)]
    .filter((part) => part !== '')
    .join('\n');
}

type Fact = readonly [name: string, value: TableCell];

function factsOf(full: CallInFull, stdout: TableOutput): readonly Fact[] {
  const { tenantId, edition, call, versions } = full;
  const seconds = call === undefined ? undefined : secondsOf(call);
  return [
    ['Call', edition.callId],
    ['Tenant', tenantId],
    ...(call === undefined
      ? ([['Record', 'not received: only pages of its lists are stored']] as const)
      : ([
          ['Start', `${shownTime(call.startTicks)} UTC`],
          [
            'End',
            call.endTicks === undefined
              ? '–'
              : `${shownTime(call.endTicks)} UTC, after ${shownLength(seconds)}`,
          ],
          ['Type', [callTypeName(call.type) ?? '–', ...call.modalities].join(', ')],
          ['Organizer', call.organizer?.displayName ?? call.organizer?.id ?? '–'],
          ['Join URL', call.joinWebUrl ?? '–'],
          ['Ended', outcomeCell(call)],
          ...reasonFacts(full, stdout),
          ...(call.poor ? ([['Media', 'At least one stream was poor.']] as const) : []),
        ] satisfies readonly Fact[])),
    ['Complete', completenessCell(full)],
    ...listFacts(full, stdout),
    ['Versions', versions.map(versionText).join('; ')],
  ];
}

function outcomeCell(call: NonNullable<CallInFull['call']>): TableCell {
  const text = outcomeSentence(call);
  return call.outcome === 'failed' ? { text, color: 'red' } : text;
}

function reasonFacts({ call }: CallInFull, stdout: TableOutput): readonly Fact[] {
  const reasons = call?.failures?.reasons ?? [];
  return reasons.map((reason, i) => {
    const { sessions, people } = reason;
    const counts = `${count(sessions, 'session', 'sessions', stdout)}, ${count(people, 'person', 'people', stdout)}`;
    return [i === 0 ? 'Reasons' : '', `${failureWords(reason)} (${counts})`];
  });
}

function count(number: number, one: string, several: string, stdout: TableOutput): string {
  return `${formatCount(number, stdout)} ${number === 1 ? one : several}`;
}

const stateColors = { verified: 'green', unverified: 'yellow', missing: 'red' } as const;

function completenessCell({ completeness: { state, reason, sinceDateTime } }: CallInFull): TableCell {
  const since =
    sinceDateTime === null
      ? ''
      : `${state === 'verified' ? ' by rollcall verify,' : ' since'} ${shownTime(sinceDateTime)} UTC`;
  return { text: `${state}${since}. ${stateWords[reason]}`, color: stateColors[state] };
}

function listFacts({ completeness, sessions }: CallInFull, stdout: TableOutput): readonly Fact[] {
  const { participants, foundParticipants } = completeness;
  const inferred = foundParticipants === 0 ? '' : `, ${formatCount(foundParticipants, stdout)} inferred`;
  const received =
    participants === null
      ? 'no list received'
      : `${formatCount(participants.count, stdout)} received${participants.complete ? '' : ', pages are missing'}`;
  const ofSessions =
    sessions === null
      ? 'no list received'
      : `${formatCount(sessions, stdout)} received${completeness.sessions?.complete === false ? ', pages are missing' : ''}`;
  return [
    ['Participants', `${received}${inferred}`],
    ['Sessions', ofSessions],
  ];
}

function versionText({ version, receivedDateTime }: CallInFull['versions'][number]): string {
  return receivedDateTime === null ? version : `${version}, received ${shownTime(receivedDateTime)} UTC`;
}

/** Returns how many people of each affiliation there are: `12 people: 9 internal, 2 external, 1 phone` */
function peopleLine({ people, completeness }: CallInFull, stdout: TableOutput): string {
  // Absent is not empty.
  if (people.length === 0 && completeness.participants === null) return 'People: not received\n';
  const all = count(people.length, 'person', 'people', stdout);
  const parts = affiliations.flatMap((one) => {
    const number = people.filter(({ affiliation }) => affiliation === one).length;
    return number === 0 ? [] : [`${formatCount(number, stdout)} ${one}`];
  });
  return `${all}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}\n`;
}

function rollTable({ people, call }: CallInFull, stdout: TableOutput): string {
  const hasOneDay = stdout.isTTY === true && call !== undefined && isWithinDay(call);
  const time = (text: string | null) =>
    hasOneDay && text !== null ? shownTime(text).slice(-8) : shownTime(text);
  const columns: readonly TableColumn<FullPerson>[] = [
    { title: 'JOINED', isWhole: true, cell: ({ joinedDateTime }) => time(joinedDateTime) },
    { title: 'LEFT', isWhole: true, cell: ({ leftDateTime }) => time(leftDateTime) },
    { title: 'PRESENT', isWhole: true, cell: ({ presentSeconds }) => shownLength(presentSeconds) },
    {
      title: 'NAME',
      cell: ({ name, inferredFrom }) => (inferredFrom === null ? name : `${name} (inferred)`),
    },
    { title: 'KIND', leaveOut: 2, cell: ({ kind }) => kindName(kind) },
    { title: 'FROM', cell: affiliationText },
    { title: 'DEVICE', leaveOut: 1, cell: ({ platforms }) => platforms.join(', ') },
    { title: 'MEDIA', leaveOut: 3, cell: mediaCell },
    { title: 'FAILED', cell: ({ failures }) => failures.map(failureWords).join('; ') },
  ];
  return people.length === 0 ? '' : formatColumns(people, columns, stdout, { wrapsLast: true });
}

const msPerDay = 86_400_000;

function isWithinDay({ startTicks, endTicks = startTicks }: NonNullable<CallInFull['call']>): boolean {
  return (
    Math.floor(Number(startTicks / 10_000n) / msPerDay) === Math.floor(Number(endTicks / 10_000n) / msPerDay)
  );
}

function affiliationText({ affiliation, tenantName }: RollPerson): string {
  return tenantName === null ? affiliation : `${affiliation}, ${tenantName}`;
}

function mediaCell({ quality }: FullPerson): TableCell | null {
  if (quality.verdict === 'noMedia') return null;
  const rating = quality.rating === null ? '' : `, rated ${ratingName(quality.rating).toLowerCase()}`;
  const text = `${verdictNames[quality.verdict].toLowerCase()}${rating}`;
  return quality.verdict === 'poor' ? { text, color: 'red' } : text;
}

/** Returns for whom media were poor, with the threshold, network and devices, and how many people had others. */
function qualityLines({ people }: CallInFull, stdout: TableOutput): string {
  const byVerdict = Map.groupBy(people, ({ quality }) => quality.verdict);
  const counts = Object.entries(verdictNames).flatMap(([verdict, name]) => {
    const number = byVerdict.get(verdict as PersonVerdict)?.length ?? 0; // the table's own keys
    return number === 0 ? [] : [`${formatCount(number, stdout)} ${name.toLowerCase()}`];
  });
  const poorFor = people.filter(isPoorFor);
  const sentences = poorFor.flatMap(({ quality, panel }) => [
    printable(quality.sentence),
    ...(panel === null ? [] : mediaLines(panel)),
  ]);
  const read = poorFor.filter(({ panel }) => panel !== null).length;
  const bound =
    read < poorFor.length
      ? [`Network, devices, client and rating were read for the first ${read} of ${poorFor.length} people.`]
      : [];
  return [...(counts.length === 0 ? [] : [`Media by person: ${counts.join(', ')}`]), ...sentences, ...bound]
    .map((line) => `${line}\n`)
    .join('');
}
