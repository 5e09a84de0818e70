/** Defines the route of a call's roll: who was in it and when, whole. */
import { setImmediate } from 'node:timers/promises';
import { rollColumns } from '../../../analysis/roll-columns.ts';
import type { RollPerson } from '../../../analysis/roll.ts';
import { requestedEdition } from '../../../analysis/read-blocks.ts';
import { rollOf } from '../../../analysis/read-roll.ts';
import { Fault } from '../../../contract/faults.ts';
import { callRecordMissing } from '../../../graph/method-faults.ts';
import { callCompleteness } from '../../../maintain/verify/call-completeness.ts';
import { ownParameters } from '../../../query/odata/query-options.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { bytesBody } from '../../../wire/projection/body.ts';
import { encodeBody } from '../../http/encode-body.ts';
import { jsonRead, withCsv } from '../../openapi/operation.ts';
import { queryParameter, reference } from '../../openapi/schemas.ts';
import { requestedAsOf } from '../as-of.ts';
import { CsvFile, csvHeaders } from '../csv-file.ts';
import type { InternalRoute } from '../route.ts';
import type { LargeCalls } from './large-calls.ts';
import { type RollCache, rollBody } from './roll-answer.ts';
import { rollSchemas } from './roll-schemas.ts';

export interface RollParts {
  readonly store: CallRecordStore;
  readonly rolls: RollCache;
  readonly largeCalls: LargeCalls;
}

const described = jsonRead(
  {
    operationId: 'callRoll',
    summary: 'Get the roll of a call',
    description:
      'Who was in a call and when, whole: received and inferred participants, each with the times, devices and failures of its sessions. Null stands for what was not received; of a call with more than 2,000 sessions the segments are null. An earlier state with rollcall.as-of.',
    parameters: [
      queryParameter('format', 'json when absent.', { enum: ['json', 'csv'] }),
      reference('parameters', 'Prefer'),
    ],
    schemas: rollSchemas,
  },
  400,
  404,
);

export const rollRoutes: readonly InternalRoute<RollParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/calls/{callRecord-id}/roll',
    permission: 'CallRecords.Read.All',
    async handler({ store, rolls, largeCalls }, { caller, exchange, query, keys: [callId = ''] }) {
      const { request, response } = exchange;
      const { headers } = request;
      const format = formatOf(ownParameters(query, ['format']).format);
      const asOf = requestedAsOf(exchange);
      const edition = await requestedEdition(store, caller.tenantId, callId, asOf);
      if (edition === undefined) throw callRecordMissing();
      const read = () => rollOf(store, edition);
      const completeness = await callCompleteness(store, edition, asOf === undefined);
      const body = await largeCalls.analyze(
        edition,
        `roll ${format} ${asOf === undefined}`,
        response,
        async () =>
          format === 'csv'
            ? bytesBody(await formatRollCsv((await read()).people))
            : rollBody(edition, completeness, { cache: rolls, read }),
      );
      const encoded = encodeBody(body, headers['accept-encoding']?.toString());
      return {
        status: 200,
        headers: [
          ...(format === 'csv' ? csvHeaders('roll.csv') : ['Content-Type', 'application/json']),
          ...(encoded.encoding === undefined ? [] : ['Content-Encoding', encoded.encoding]),
        ],
        body: encoded.body,
      };
    },
    openapi: withCsv(described),
  },
];

function formatOf(text: string | undefined): 'json' | 'csv' {
  if (text === undefined || text === 'json') return 'json';
  if (text === 'csv') return 'csv';
  const message = "The query parameter 'format' must be json or csv.";
  throw new Fault('badQueryOption', message, { target: 'format', details: [{ target: 'format', message }] });
}

const peopleAtOnce = 1000;

async function formatRollCsv(people: readonly RollPerson[]): Promise<Buffer> {
  const file = new CsvFile(rollColumns);
  for (let from = 0; from < people.length; from += peopleAtOnce) {
    await file.add(people.slice(from, from + peopleAtOnce));
    await setImmediate(); // lets other requests run
  }
  return file.bytes();
}
