/** Answers `GET /rollcall/calls/{id}/quality`: for whom a call's media were poor, one person's panel, or streams. */
import type { PersonQuality } from '../../../analysis/quality.ts';
import { panelsOf, qualityOf, streamsOf } from '../../../analysis/read-quality.ts';
import { Fault, type FaultDetail } from '../../../contract/faults.ts';
import type { PersonVerdict } from '../../../contract/quality-words.ts';
import { ownParameters, throwProblems } from '../../../query/odata/query-options.ts';
import type { Edition } from '../../../store/edition.ts';
import type { CallRecordStore } from '../../../store/store.ts';

export const mostQualityPeople = 2_000;
export const streamChoices = ['all', 'poor'] as const;

/** Answers one person's panel, the streams, or the people. */
interface QualityRequest {
  /** A position on the roll. */
  readonly person: number | undefined;
  readonly streams: (typeof streamChoices)[number] | undefined;
}

/** Returns the answer as JSON. @throws Fault `entityMissing` */
export async function callQualityText(
  store: CallRecordStore,
  edition: Edition,
  { person, streams }: QualityRequest,
): Promise<string> {
  if (person !== undefined) {
    const [panel] = await panelsOf(store, edition, [person]);
    if (!panel) throw new Fault('entityMissing', 'The roll of this call has no person with this index.');
    return JSON.stringify(panel);
  }
  if (streams !== undefined) return JSON.stringify(await streamsOf(store, edition, streams === 'poor'));
  return JSON.stringify(overview(await qualityOf(store, edition)));
}

/** Parses the query. @throws Fault `badQueryOption` */
export function parseQualityQuery(query: string): QualityRequest {
  const parameters = ownParameters(query, ['person', 'streams']);
  const problems: FaultDetail[] = [];
  const person = parameters.person === undefined ? undefined : indexOf(parameters.person);
  if (parameters.person !== undefined && person === undefined)
    problems.push({
      target: 'person',
      message: "The query parameter 'person' must be a position on the roll: a whole number, the first is 0.",
    });
  const streams = streamChoices.find((one) => one === parameters.streams);
  if (parameters.streams !== undefined && streams === undefined)
    problems.push({
      target: 'streams',
      message: `The query parameter 'streams' must be one of ${streamChoices.join(', ')}.`,
    });
  if (problems.length === 0 && person !== undefined && streams !== undefined)
    problems.push({ target: 'streams', message: "Give either 'person' or 'streams', not both." });
  throwProblems(problems);
  return { person, streams };
}

function indexOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const verdictOrder: Readonly<Record<PersonVerdict, number>> = {
  poor: 0,
  good: 1,
  unclassified: 2,
  noMedia: 3,
};

/** Returns the people for whom it was worst, and how many there are of each verdict. */
function overview(people: readonly PersonQuality[]) {
  const counts = { people: people.length, poor: 0, good: 0, unclassified: 0, noMedia: 0, rated: 0 };
  for (const { verdict, rating } of people) {
    counts[verdict]++;
    if (rating !== null) counts.rated++;
  }
  const shown = people.toSorted(byNeed).slice(0, mostQualityPeople).map(shownPerson);
  return { people: shown, counts, isAll: shown.length === people.length };
}

/** Orders people by verdict, then by their own rating, then by how many of their streams were poor. */
function byNeed(a: PersonQuality, b: PersonQuality): number {
  return (
    verdictOrder[a.verdict] - verdictOrder[b.verdict] ||
    ratingRank(a.rating) - ratingRank(b.rating) ||
    b.streams.poor - a.streams.poor ||
    a.index - b.index
  );
}

/** People who complained come first; those who were content, among the others. */
function ratingRank(rating: string | null): number {
  return rating === 'bad' ? 0 : rating === 'poor' ? 1 : 2;
}

function shownPerson({ index, name, verdict, sentence, rating, streams, sent, received }: PersonQuality) {
  return {
    ...{ index, name, verdict, sentence, rating, streams },
    sentVerdict: sent.verdict,
    receivedVerdict: received.verdict,
  };
}
