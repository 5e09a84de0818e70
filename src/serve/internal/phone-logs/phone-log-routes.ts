/** Defines the route of the PSTN, direct routing and SMS logs that the page shows. */
import { Fault } from '../../../contract/faults.ts';
import { phoneLogs, phoneStates } from '../../../contract/phone-log.ts';
import { bodyOf } from '../../../graph/exchange.ts';
import { jsonRead, withCsv } from '../../openapi/operation.ts';
import { dateTimeText, queryParameter, whole } from '../../openapi/schemas.ts';
import { jsonAnswer } from '../json-response.ts';
import type { InternalRoute } from '../route.ts';
import { phoneLogSchemas } from './phone-log-schemas.ts';
import { type PhoneLogParts, readPhoneLog } from './phone-log.ts';
import { csvHeaders } from '../csv-file.ts';
import { formatPhoneCsv } from './phone-csv.ts';

const described = jsonRead(
  {
    operationId: 'phoneLog',
    summary: 'List phone calls and text messages',
    description:
      'Rows of a log (pstn, directRouting or sms) that match every parameter, newest first, each with its call. The first page has their sums. A page with fewer rows than requested may still have a next link; that of CSV is in the Link header.',
    parameters: [
      queryParameter('from', 'Rows that start at this time or later.', dateTimeText),
      queryParameter('to', 'Rows that start before this time.', dateTimeText),
      queryParameter('person', "Parts of the user's name or user principal name, or a complete id."),
      queryParameter('number', 'Any part of either number. Only digits are compared.'),
      queryParameter('type', 'The type of the row, in any case: user_out, ByotIn.'),
      queryParameter(
        'state',
        'failed: direct routing only. missed: incoming and not connected. missedWithoutRecord: missed, and no call record is found.',
        { enum: phoneStates },
      ),
      queryParameter('sipCode', 'The final SIP code: direct routing only.', whole),
      queryParameter('trunk', 'Name of the trunk, in any case: direct routing only.'),
      queryParameter('format', 'json when absent.', { enum: ['json', 'csv'] }),
      queryParameter(
        '$top',
        'Rows per page: 50 when absent, 200 at most. Of CSV: up to 100,000 rows when absent, pages of 2000 at most.',
        { type: 'integer', minimum: 1 },
      ),
      queryParameter('$skiptoken', 'The position to continue at, from a next link.'),
    ],
    schemas: phoneLogSchemas,
  },
  400,
  404,
);

export const phoneLogRoutes: readonly InternalRoute<PhoneLogParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/logs/{log}',
    permission: 'CallRecords.Read.All',
    async handler(parts, { caller, exchange, origin, path, query: text, keys: [name = ''] }) {
      const log = phoneLogs.find((one) => one === name);
      if (log === undefined)
        throw new Fault('entityMissing', `No such log. The logs are ${phoneLogs.join(', ')}.`);
      const url = `${origin}${path}`;
      const read = (query: string) => readPhoneLog(parts, { ...caller, log, url, query });
      const { format, isWhole, ...page } = await read(text);
      if (format === 'json') return jsonAnswer(JSON.stringify(page));
      const { bytes, nextLink } = await formatPhoneCsv(
        { ...page, isWhole },
        (link) => read(link.slice(url.length + 1)),
        () => exchange.response.destroyed,
      );
      return {
        status: 200,
        headers: csvHeaders(`phone-calls-${log}.csv`, nextLink),
        body: bodyOf(bytes),
      };
    },
    openapi: withCsv(described),
  },
];
