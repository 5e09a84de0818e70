/**
 * Converts a received log row to its stored form: compact, in wire order, without the type, which its location implies.
 */
import { hash } from 'node:crypto';
import { edms, structuredType } from '../../contract/edm.ts';
import { simpleName } from '../../contract/names.ts';
import type { OddReason } from '../../contract/oddities.ts';
import type { LogRow } from '../../store/log-row.ts';
import { storedRules, walkEntity } from '../../wire/text/entity.ts';
import { asId, stringMember, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { logTypes, storedTypes } from '../../wire/text/stored-types.ts';
import { parseTicks } from '../../base/ticks.ts';
import { withBareNumbers } from './bare-numbers.ts';

/** The functions by the simple name of their row type. */
const functionsByKind = new Map(edms.beta.functions.map((one) => [simpleName(one.returns), one]));

/** Returns the kind of row that a type or a context URL names. */
export function logKindNamed(text: string | undefined): string | undefined {
  const name = /microsoft\.graph\.callRecords\.(\w+)\)?$/.exec(text ?? '')?.[1];
  return name !== undefined && functionsByKind.has(name) ? name : undefined;
}

/**
 * Returns the kind of row of an object by its members: the only kind that has them all, if callRecord does not.
 *
 * @throws TextError when several kinds have them all
 */
export function logKindOf(collected: readonly MemberText[]): string | undefined {
  const names = collected.map(({ name }) => name).filter((name) => !name.includes('@'));
  const isOf = (has: (name: string) => boolean) => names.length > 0 && names.every(has);
  if (isOf((name) => storedTypes.callRecord.members.byName.has(name))) return undefined;
  const kinds = [...functionsByKind].filter(([, { returns }]) =>
    isOf((name) => structuredType(edms.beta, returns).properties.has(name)),
  );
  if (kinds.length > 1)
    throw new TextError('The row fits several logs: name its log with "@odata.type".', 'notWanted');
  return kinds[0]?.[0];
}

/** A row, with its differences from the model. */
export interface ReadLogRow extends LogRow {
  readonly odd: readonly OddReason[];
}

/**
 * Reads a row.
 *
 * @param fallback The time, in ticks, of a row that has none: the day it was listed under.
 * @throws TextError when it is not JSON, is nested too deep, or has no time and no fallback
 */
export function readLogRow(row: Buffer, kind: string, fallback?: bigint): ReadLogRow {
  const type = logTypes[kind]!; // a kind of the model
  const scanner = new Scanner(row, 0, undefined, storedRules);
  const walked = walkEntity(scanner, type);
  const bare = withBareNumbers(scanner, 0, 0);
  const entity = bare === undefined ? walked : walkEntity(bare, type);
  const odd = new Set<OddReason>((bare ?? scanner).odd.take().map(([reason]) => reason));
  const text = withoutAnnotations(entity.bytes.subarray(entity.start, entity.end), entity.ends[0] ?? 0);
  const collected: MemberText[] = [];
  new Scanner(text).object(undefined, collected);
  const { time, key } = functionsByKind.get(kind)!;
  const id = key === undefined ? undefined : asId(stringMember(text, collected, key));
  const own = time === undefined ? 0n : timeIn(text, collected, time);
  if (own === undefined) odd.add('timeMissing');
  return {
    kind,
    ticks: own ?? otherTime(text, collected, kind) ?? fallback ?? noTime(kind, time!),
    // A row without a key is identified by its text.
    id: id ?? hash('sha256', text, 'base64url'),
    text,
    odd: [...odd],
  };
}

function timeIn(text: Buffer, collected: readonly MemberText[], name: string): bigint | undefined {
  return parseTicks(stringMember(text, collected, name) ?? '');
}

/** Returns the first valid time among its other members, in the model's order. */
function otherTime(text: Buffer, collected: readonly MemberText[], kind: string): bigint | undefined {
  const properties = structuredType(edms.beta, functionsByKind.get(kind)!.returns).properties.values();
  for (const { name, type } of properties) {
    const ticks = type === 'Edm.DateTimeOffset' ? timeIn(text, collected, name) : undefined;
    if (ticks !== undefined) return ticks;
  }
  return undefined;
}

function noTime(kind: string, time: string): never {
  throw new TextError(`A ${kind} has neither a ${time} nor another date and time with a zone.`, 'notWanted');
}

/** Removes the annotations, the first region of an entity's stored form. */
function withoutAnnotations(entity: Buffer, end: number): Buffer {
  if (end === 0) return Buffer.from(entity);
  const rest = entity.subarray(end);
  return Buffer.concat([Buffer.from('{'), rest[0] === 0x2c ? rest.subarray(1) : rest]);
}
