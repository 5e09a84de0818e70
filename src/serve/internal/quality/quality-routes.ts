/** Defines the route for the media quality of a call. */
import { requestedEdition } from '../../../analysis/read-blocks.ts';
import { callRecordMissing } from '../../../graph/method-faults.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { jsonRead } from '../../openapi/operation.ts';
import { queryParameter, reference, whole } from '../../openapi/schemas.ts';
import type { LargeCalls } from '../calls/large-calls.ts';
import { requestedAsOf } from '../as-of.ts';
import { jsonAnswer } from '../json-response.ts';
import type { InternalRoute } from '../route.ts';
import { callQualityText, mostQualityPeople, parseQualityQuery, streamChoices } from './call-quality.ts';
import { qualitySchemas } from './quality-schemas.ts';

interface QualityParts {
  readonly store: CallRecordStore;
  readonly largeCalls: LargeCalls;
}

export const qualityRoutes: readonly InternalRoute<QualityParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/calls/{callRecord-id}/quality',
    permission: 'CallRecords.Read.All',
    async handler({ store, largeCalls }, { caller: { tenantId }, exchange, query, keys: [callId = ''] }) {
      const asked = parseQualityQuery(query);
      const edition = await requestedEdition(store, tenantId, callId, requestedAsOf(exchange));
      if (edition === undefined) throw callRecordMissing();
      const read = () => callQualityText(store, edition, asked);
      return jsonAnswer(await largeCalls.analyze(edition, `quality ${query}`, exchange.response, read));
    },
    openapi: jsonRead(
      {
        operationId: 'callQuality',
        summary: "Get the media quality of a call's people",
        description: `For whom the media were poor and why, worst first, up to ${mostQualityPeople} people; or one person's panel, or the streams of the call. An earlier state with rollcall.as-of.`,
        parameters: [
          queryParameter(
            'person',
            'A position on the roll, from 0: client, devices, networks, streams and feedback of that person.',
            whole,
          ),
          queryParameter('streams', 'The streams of the call, poor ones first, instead of its people.', {
            enum: streamChoices,
          }),
          reference('parameters', 'Prefer'),
        ],
        schemas: qualitySchemas,
      },
      400,
      404,
    ),
  },
];
