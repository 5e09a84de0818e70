/** A number that keeps its digits: JSON of a JavaScript number would drop the last of `0.0140`. */
interface Decimal {
  readonly digits: string;
}

type Value = string | number | boolean | null | Decimal | readonly { readonly id: string }[];

/** A row without its type, members in wire order. */
export type GeneratedLogRow = Readonly<Record<string, Value>>;

/** Returns an amount with four decimal places from whole ten-thousandths; `0.0`, as the page of getPstnCalls has it. */
export function decimal(tenThousandths: number): Decimal {
  if (tenThousandths === 0) return { digits: '0.0' };
  const fraction = (tenThousandths % 10_000).toString().padStart(4, '0');
  return { digits: `${Math.floor(tenThousandths / 10_000)}.${fraction}` };
}

/** Formats a row as JSON that begins with its type, by which an import distinguishes log rows from call records. */
export function formatRow(type: string, row: GeneratedLogRow): string {
  const members = Object.entries(row).map(([name, value]) => `"${name}":${formatValue(value)}`);
  return `{"@odata.type":"#microsoft.graph.callRecords.${type}",${members.join(',')}}`;
}

function formatValue(value: Value): string {
  const isDecimal = typeof value === 'object' && value !== null && 'digits' in value;
  return isDecimal ? value.digits : JSON.stringify(value);
}
