/** What differs between two answers, without anything of a record. */
import type { HttpAnswer } from '../../src/base/http-client.ts';
import { masked } from './masked.ts';

export interface Difference {
  readonly what: 'status' | 'type' | 'code' | 'message' | 'header' | 'member' | 'answer';
  readonly ours: string;
  readonly theirs: string;
}

/** Headers that the way between decides, or the time of day. */
const ofTheWay = new Set(
  `date connection keep-alive transfer-encoding content-length content-encoding content-type vary server via alt-svc
  strict-transport-security retry-after age`.split(/\s+/),
);

/** Members that depend on how much a tenant has. */
const ofTheData = new Set(['@odata.nextLink']);

interface Seen {
  readonly status: number;
  /** The media type with its parameters. */
  readonly type: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly headers: readonly string[];
  readonly members: readonly string[];
}

export function seenOf({ status, headers, body }: HttpAnswer): Seen {
  const json = jsonOf(body);
  const error = membersOf(json?.['error']);
  const names = Object.keys(json ?? {}).filter((name) => !ofTheData.has(name));
  return {
    status,
    type: (headers['content-type'] ?? '').toLowerCase().replaceAll(' ', ''),
    code: textOf(error?.['code']),
    message: textOf(error?.['message']),
    headers: Object.keys(headers).filter((name) => !ofTheWay.has(name)),
    members: [
      ...names,
      ...Object.keys(error ?? {}).map((name) => `error.${name}`),
      ...Object.keys(membersOf(error?.['innerError']) ?? {}).map((name) => `error.innerError.${name}`),
    ],
  };
}

/** @param said The request, whose words an answer may repeat. */
export function differencesOf(ours: Seen, theirs: Seen, said: string): readonly Difference[] {
  const isAlike = ours.status === theirs.status && ours.type === theirs.type;
  const differing = (['status', 'type', 'code', 'message'] as const)
    .filter((what) => ours[what] !== theirs[what])
    // An answer of another kind has no code, other headers and other members: one line says enough.
    .filter((what) => isAlike || theirs[what] !== undefined)
    .filter((what) => what !== 'type' || ours.status === theirs.status)
    .map((what) => ({
      what,
      ours: shown(ours[what], `${said} ${ours[what]}`),
      theirs: shown(theirs[what], what === 'status' ? String(theirs[what]) : `${said} ${ours[what]}`),
    }));
  if (!isAlike) return differing;
  return [...differing, ...(['header', 'member'] as const).flatMap((what) => namesOf(what, ours, theirs))];
}

function namesOf(what: 'header' | 'member', ours: Seen, theirs: Seen): readonly Difference[] {
  const [own, other] = what === 'header' ? [ours.headers, theirs.headers] : [ours.members, theirs.members];
  return [
    ...own
      .filter((name) => !other.includes(name))
      .map((name) => ({ what, ours: masked(name, name), theirs: 'absent' })),
    ...other
      .filter((name) => !own.includes(name))
      .map((name) => ({ what, ours: 'absent', theirs: masked(name) })),
  ];
}

export function shown(value: string | number | undefined, said: string): string {
  if (value === undefined) return 'absent';
  return value === '' ? 'empty' : masked(String(value), said);
}

function jsonOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return membersOf(JSON.parse(body.toString()));
  } catch {
    return undefined; // an answer that is no JSON differs by its type
  }
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
