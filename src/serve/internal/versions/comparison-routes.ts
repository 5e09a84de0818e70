/** Defines the route that compares two stored states of a call. */
import { mostListedChanges, readComparison } from '../../../analysis/read-comparison.ts';
import { formatMs, formatTicks } from '../../../base/ticks.ts';
import type { FaultDetail } from '../../../contract/faults.ts';
import { callRecordMissing } from '../../../graph/method-faults.ts';
import { callCompleteness } from '../../../maintain/verify/call-completeness.ts';
import { propertyChanges } from '../../../maintain/verify/versions.ts';
import { ownParameters, throwProblems } from '../../../query/odata/query-options.ts';
import type { Edition } from '../../../store/edition.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { jsonRead } from '../../openapi/operation.ts';
import { queryParameter, whole } from '../../openapi/schemas.ts';
import { type LargeCalls, entryCountOf } from '../calls/large-calls.ts';
import { jsonAnswer } from '../json-response.ts';
import type { InternalRoute } from '../route.ts';
import { comparisonSchemas } from './comparison-schemas.ts';

interface ComparisonParts {
  readonly store: CallRecordStore;
  readonly largeCalls: LargeCalls;
}

export const comparisonRoutes: readonly InternalRoute<ComparisonParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/callRecords/{callRecord-id}/versions/compare',
    permission: 'CallRecords.Read.All',
    async handler({ store, largeCalls }, { caller, exchange, query, keys: [callId = ''] }) {
      const editions = await store.evidence.editions(caller.tenantId, callId);
      if (editions.length === 0) throw callRecordMissing();
      const states = statesOf(editions, query);
      const { left, right } = states;
      const larger = entryCountOf(left) > entryCountOf(right) ? left : right;
      const name = `comparison ${left.edition} ${right.edition}`;
      const read = () => comparisonText(store, states, editions.at(-1));
      return jsonAnswer(await largeCalls.analyze(larger, name, exchange.response, read));
    },
    openapi: jsonRead(
      {
        operationId: 'compareVersions',
        summary: 'Compare two stored states of a call',
        description: `Who is only on the right (came) or only on the left (went), whose data differs, which sessions differ, and the completeness of both. Each list has its first ${mostListedChanges} entries, and \`count\` all. \`sessions\` is null when a state has no list of sessions.`,
        parameters: [
          queryParameter('left', '`edition` of a state; the one before `right` when absent.', whole),
          queryParameter('right', '`edition` of a state; the newest when absent.', whole),
        ],
        schemas: comparisonSchemas,
      },
      400,
      404,
    ),
  },
];

interface States {
  readonly left: Edition;
  readonly right: Edition;
}

/** Returns the compared states. @throws Fault `badQueryOption` with a detail for each that the call does not have */
function statesOf(editions: readonly Edition[], query: string): States {
  const parameters = ownParameters(query, ['left', 'right']);
  const problems: FaultDetail[] = [];
  const read = (name: 'left' | 'right', usual: () => Edition): Edition => {
    const text = parameters[name];
    if (text === undefined) return usual();
    const found = /^\d{1,15}$/.test(text)
      ? editions.find(({ edition }) => edition === Number(text))
      : undefined;
    if (found === undefined)
      problems.push({
        target: name,
        message: `The query parameter '${name}' must be the 'edition' of a stored state of this call.`,
      });
    return found ?? usual();
  };
  const right = read('right', () => editions.at(-1)!); // the call has at least one
  const left = read('left', () => editions[editions.indexOf(right) - 1] ?? right);
  throwProblems(problems);
  return { left, right };
}

async function comparisonText(
  store: CallRecordStore,
  { left, right }: States,
  newest: Edition | undefined,
): Promise<string> {
  const { counts, people, sessions } = await readComparison(store, left, right);
  const stateText = async (edition: Edition, count: number) => {
    const { modifiedTicks, receivedMs } = edition;
    const state = {
      edition: edition.edition,
      lastModifiedDateTime: modifiedTicks === undefined ? null : formatTicks(modifiedTicks),
      receivedDateTime: receivedMs === undefined ? null : formatMs(receivedMs),
      people: count,
      completeness: await callCompleteness(store, edition, edition.edition === newest?.edition),
    };
    return `{"version":${edition.version},${JSON.stringify(state).slice(1)}`;
  };
  // The values of properties stand as received.
  const properties = propertyChanges(await store.head(left), await store.head(right));
  const states = `"left":${await stateText(left, counts.left)},"right":${await stateText(right, counts.right)}`;
  return `{${states},"properties":${properties},${JSON.stringify({ people, sessions }).slice(1)}`;
}
