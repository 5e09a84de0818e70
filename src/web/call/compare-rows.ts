/** Formats what differs between two states of a call or a person. */
import type { ChangedPerson, PersonField } from '../../analysis/compare-versions.ts';
import type { InferenceSource } from '../../analysis/records.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import { modalityList, typeName } from '../calls/found-call.ts';
import { formatNumber, rollMessages, versionMessages as messages } from '../messages/en.ts';
import { formatLength, formatTime, type Zone } from '../times.ts';
import { completenessWords } from './completeness.ts';
import type { ComparedState, ComparedVersions } from './compared-states.ts';

export interface CompareRow {
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

/** Returns the facts that differ, and the completeness of both states. */
export function stateRows(compared: ComparedVersions, zone: Zone): readonly CompareRow[] {
  const moment = (dateTime: string | null) =>
    dateTime === null ? messages.unknownTime : formatTime(dateTime, 'moment', zone);
  const row = (name: string, textOf: (state: ComparedState) => string): CompareRow => ({
    name,
    left: textOf(compared.left),
    right: textOf(compared.right),
  });
  const rows = [
    row(messages.modified, ({ lastModifiedDateTime }) => moment(lastModifiedDateTime)),
    row(messages.people, ({ people }) => formatNumber(people)),
    row(messages.sessionCount, ({ completeness: { sessions } }) =>
      sessions === null ? messages.notReceived : formatNumber(sessions.count),
    ),
  ].filter(({ left, right }) => left !== right);
  const completeness = row(messages.completeness, (state) =>
    completenessWords(state.completeness, moment).join(' '),
  );
  return [...rows, ...compared.properties.flatMap((one) => propertyRow(one, zone)), completeness];
}

type Property = ComparedVersions['properties'][number];
const propertyNames: Readonly<Record<string, string>> = messages.properties;
/** Shown as facts of the state. */
const shownAbove: ReadonlySet<string> = new Set(['lastModifiedDateTime', 'version']);

function propertyRow({ name, old, new: fresh }: Property, zone: Zone): readonly CompareRow[] {
  if (shownAbove.has(name)) return [];
  const [left, right] = [propertyText(name, old, zone), propertyText(name, fresh, zone)];
  const label = propertyNames[name] ?? name;
  // Texts that were truncated may differ only in the hidden part.
  return [
    left === right ? { name: label, left, right: messages.otherwise(right) } : { name: label, left, right },
  ];
}

const longestValue = 200;

function propertyText(name: string, value: unknown, zone: Zone): string {
  if (value === undefined) return messages.absent;
  if (typeof value === 'string') {
    if (name.endsWith('DateTime') && !Number.isNaN(Date.parse(value)))
      return formatTime(value, 'exact', zone);
    return name === 'type' ? typeName(value) : cut(value);
  }
  if (name === 'modalities' && Array.isArray(value))
    return modalityList(value.map(String)) || messages.absent;
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

export function changeRows(changes: ChangedPerson['changes'], zone: Zone): readonly CompareRow[] {
  return changes.map(({ field, left, right }) => ({
    name: messages.fields[field],
    left: valueText(field, left, zone),
    right: valueText(field, right, zone),
  }));
}

function valueText(field: PersonField, value: string | number | null, zone: Zone): string {
  if (value === null) return field === 'inferredFrom' ? messages.onList : messages.unknown;
  if (typeof value === 'number') return formatLength(value * 1000);
  if (field === 'joinedDateTime' || field === 'leftDateTime') return formatTime(value, 'exact', zone);
  if (field === 'kind') return kindName(value);
  // As the server's OpenAPI document declares.
  return field === 'inferredFrom' ? rollMessages.sources[value as InferenceSource].name : value;
}
