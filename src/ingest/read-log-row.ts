/** One row of a log as received to its stored form: compact, in wire order, without its type, which its place tells. */
import { hash } from 'node:crypto';
import { type BoundFunction, edms, structuredType } from '../model/edm.ts';
import { simpleName } from '../model/names.ts';
import type { LogRow } from '../store/store.ts';
import { storedRules, walkEntity } from '../text/entity.ts';
import { stringMember } from '../text/members.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { logTypes, storedTypes } from '../text/stored-types.ts';
import { parseTicks } from '../text/ticks.ts';

/** The functions by the simple name of the type of their rows. */
const functionsByKind = new Map(edms.beta.functions.map((one) => [simpleName(one.returns), one]));

/** The kind of row that a type or a context URL names. */
export function logKindNamed(text: string | undefined): string | undefined {
  const name = /microsoft\.graph\.callRecords\.(\w+)\)?$/.exec(text ?? '')?.[1];
  return name !== undefined && functionsByKind.has(name) ? name : undefined;
}

/**
 * The kind of row that an object is by its members: the only one that has them all, when a callRecord has not.
 *
 * @throws TextError when more kinds than one have them all
 */
export function logKindOf(collected: readonly MemberText[]): string | undefined {
  const names = collected.map(({ name }) => name).filter((name) => !name.includes('@'));
  const isOf = (has: (name: string) => boolean) => names.length > 0 && names.every(has);
  if (isOf((name) => storedTypes.callRecord.members.byName.has(name))) return undefined;
  const kinds = [...functionsByKind].filter(([, { returns }]) =>
    isOf((name) => structuredType(edms.beta, returns).properties.has(name)),
  );
  if (kinds.length > 1)
    throw new TextError('This may be a row of several logs: say which with "@odata.type".', 'notWanted');
  return kinds[0]?.[0];
}

/** @throws TextError when the row has no time where its kind has one */
export function readLogRow(bytes: Buffer, start: number, end: number, kind: string): LogRow {
  const entity = walkEntity(new Scanner(bytes, start, end, storedRules), logTypes[kind]!);
  const text = withoutAnnotations(entity.bytes.subarray(entity.start, entity.end), entity.ends[0] ?? 0);
  const collected: MemberText[] = [];
  new Scanner(text).object(undefined, collected);
  const { time, key } = functionsByKind.get(kind)!;
  const id = key === undefined ? undefined : stringMember(text, collected, key);
  // A row without a key of its own is told by its words.
  return {
    kind,
    ticks: ticksOf(text, collected, time, kind),
    id: id ?? hash('sha256', text, 'base64url'),
    text,
  };
}

function ticksOf(
  text: Buffer,
  collected: readonly MemberText[],
  time: BoundFunction['time'],
  kind: string,
): bigint {
  if (time === undefined) return 0n;
  const value = stringMember(text, collected, time);
  const ticks = value === undefined ? undefined : parseTicks(value);
  if (ticks === undefined)
    throw new TextError(`A ${kind} has no ${time} that is a date and time with a zone.`, 'notWanted');
  return ticks;
}

/** The annotations are the first region of an entity's stored form. */
function withoutAnnotations(entity: Buffer, end: number): Buffer {
  if (end === 0) return Buffer.from(entity);
  const rest = entity.subarray(end);
  return Buffer.concat([Buffer.from('{'), rest[0] === 0x2c ? rest.subarray(1) : rest]);
}
