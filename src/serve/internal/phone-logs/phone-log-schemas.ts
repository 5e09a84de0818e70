/** Describes the response of a phone log for the OpenAPI document. */
import {
  closed,
  listOf,
  orNone,
  text,
  textOrNone,
  whole,
  yesOrNo,
  integerOrNone,
} from '../../openapi/schemas.ts';
import { time } from '../evidence-schemas.ts';

const amountOrNone = { type: ['number', 'null'] };

const user = orNone(closed({ id: textOrNone, displayName: textOrNone, userPrincipalName: textOrNone }));
const sums = {
  rows: whole,
  seconds: { type: 'integer' },
  costs: listOf(closed({ currency: textOrNone, amount: { type: 'number' } })),
};

export const phoneLogSchemas = {
  phoneLog: closed(
    {
      value: listOf(
        closed({
          id: textOrNone,
          correlationId: textOrNone,
          startDateTime: textOrNone,
          endDateTime: textOrNone,
          inviteDateTime: textOrNone,
          seconds: integerOrNone,
          direction: { enum: ['incoming', 'outgoing', null] },
          type: textOrNone,
          user,
          callerNumber: textOrNone,
          calleeNumber: textOrNone,
          country: textOrNone,
          outcome: { enum: ['connected', 'notConnected', 'failed', null] },
          sipCode: integerOrNone,
          sipPhrase: textOrNone,
          sipMeaning: textOrNone,
          microsoftCode: integerOrNone,
          microsoftMeaning: textOrNone,
          trunk: textOrNone,
          charge: amountOrNone,
          connectionCharge: amountOrNone,
          currency: textOrNone,
          units: integerOrNone,
          missed: yesOrNo,
          callRecord: orNone(
            closed({ certainty: { enum: ['exact', 'likely'] }, id: text, startDateTime: time }),
          ),
        }),
      ),
      summary: closed({
        ...sums,
        failed: whole,
        missed: whole,
        people: listOf(closed({ ...sums, user })),
        otherPeople: whole,
        countries: listOf(closed({ ...sums, country: textOrNone })),
        complete: yesOrNo,
        countedFromDateTime: textOrNone,
      }),
      '@odata.nextLink': text,
    },
    ['summary', '@odata.nextLink'],
  ),
};
