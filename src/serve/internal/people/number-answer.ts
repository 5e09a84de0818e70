/** Answers `GET /rollcall/numbers/{e164}`. */
import { numberSubject, parsePhoneNumber } from '../../../analysis/number-subject.ts';
import { Fault } from '../../../contract/faults.ts';
import type { NumberActivity } from './activity-page.ts';
import { newestAttendance, type PeopleParts, readActivityPage } from './activity-answer.ts';
import { numberRows } from './phone-activity.ts';

/** Returns a page of a number's activity. @throws Fault `entityMissing` where nothing is stored in the span */
export async function numberAnswer(
  parts: PeopleParts,
  tenantId: string,
  given: string,
  url: string,
  query: string,
): Promise<NumberActivity> {
  const number = parsePhoneNumber(given);
  if (number === undefined)
    throw new Fault(
      'entityMissing',
      'This is not a phone number in international form, such as +49301234567.',
    );
  const subject = numberSubject(number);
  const { value, next, first } = await readActivityPage(parts, {
    ...{ tenantId, url, query },
    key: `number ${number.marks}`,
    calls: subject,
    rows: numberRows(number),
  });
  if (first === undefined) return { ...next, value };
  const { facts, tally } = first;
  const isKnown = first.lastSeenDateTime !== null || !facts.counted.isAll;
  const newest = isKnown ? undefined : await newestAttendance(parts, tenantId, subject);
  if (!isKnown && newest === undefined)
    throw new Fault(
      'entityMissing',
      'No stored call has this number, and no row of the phone logs in this span. Write the number in international form, such as +49301234567.',
    );
  const { name } = tally.person ?? newest?.person ?? {};
  const names = [...(name === undefined ? [] : [name]), ...tally.otherNames()];
  return {
    number: {
      number: number.text,
      isMasked: number.marks.includes('*'),
      otherNames: names.filter((one) => parsePhoneNumber(one) === undefined),
      lastSeenDateTime: first.lastSeenDateTime ?? newest?.startDateTime ?? null,
    },
    ...facts,
    ...next,
    value,
  };
}
