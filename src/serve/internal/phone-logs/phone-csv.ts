/** Formats the rows of a phone log as CSV, guarded against formulas like every export. */
import { type LinkedPhoneRow, mostCsvRows, type PhoneLogPage } from '../../../contract/phone-log.ts';
import { type CsvColumn, CsvFile } from '../csv-file.ts';

type PhoneColumn = CsvColumn<LinkedPhoneRow>;

function column(name: string, type: PhoneColumn['type'], cell: PhoneColumn['cell']): PhoneColumn {
  return { name, type, cell };
}

const columns: readonly PhoneColumn[] = [
  column('startDateTime', 'dateTime', ({ startDateTime }) => startDateTime),
  column('endDateTime', 'dateTime', ({ endDateTime }) => endDateTime),
  column('seconds', 'integer', ({ seconds }) => seconds),
  column('direction', 'string', ({ direction }) => direction),
  column('type', 'string', ({ type }) => type),
  column('userId', 'string', ({ user }) => user?.id),
  column('userDisplayName', 'string', ({ user }) => user?.displayName),
  column('userPrincipalName', 'string', ({ user }) => user?.userPrincipalName),
  column('callerNumber', 'string', ({ callerNumber }) => callerNumber),
  column('calleeNumber', 'string', ({ calleeNumber }) => calleeNumber),
  column('country', 'string', ({ country }) => country),
  column('outcome', 'string', ({ outcome }) => outcome),
  column('missed', 'boolean', ({ missed }) => missed),
  column('sipCode', 'integer', ({ sipCode }) => sipCode),
  column('sipPhrase', 'string', ({ sipPhrase }) => sipPhrase),
  column('sipMeaning', 'string', ({ sipMeaning }) => sipMeaning),
  column('microsoftCode', 'integer', ({ microsoftCode }) => microsoftCode),
  column('microsoftMeaning', 'string', ({ microsoftMeaning }) => microsoftMeaning),
  column('trunk', 'string', ({ trunk }) => trunk),
  column('charge', 'double', ({ charge }) => charge),
  column('connectionCharge', 'double', ({ connectionCharge }) => connectionCharge),
  column('currency', 'string', ({ currency }) => currency),
  column('units', 'integer', ({ units }) => units),
  column('callRecordCertainty', 'string', ({ callRecord }) => callRecord?.certainty),
  column('callRecordId', 'string', ({ callRecord }) => callRecord?.id),
  column('rowId', 'string', ({ id }) => id),
];

/** Maximum pages read for one file: a page may have few rows, or none. */
const mostPages = 200;

/** Formats a page and, for a client that requests no page size, those after it; the link leads to rows the file lacks. */
export async function formatPhoneCsv(
  first: PhoneLogPage & { readonly isWhole: boolean },
  read: (nextLink: string) => Promise<PhoneLogPage>,
  isGone: () => boolean,
) {
  const file = new CsvFile(columns);
  let page: PhoneLogPage = first;
  let rows = 0;
  for (let pages = 1; ; pages++) {
    await file.add(page.value);
    rows += page.value.length;
    const nextLink = page['@odata.nextLink'];
    const isEnd = nextLink === undefined || rows >= mostCsvRows || pages >= mostPages;
    if (isEnd || !first.isWhole || isGone()) return { bytes: await file.bytes(), nextLink };
    page = await read(nextLink);
  }
}
