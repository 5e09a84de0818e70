/** Recognizes JSON that is not a callRecord, or that a tool has changed since Graph sent it. */
import type { NamedForm } from './text-forms.ts';
import type { Shape } from '../../wire/text/shapes.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Longer text is not parsed to recognize its form. */
const longest = 4 * 2 ** 20;
const deepest = 6;
const mostMembers = 10_000;

/** Members of which several identify a callRecord. */
const callMembers = new Set(storedTypes.callRecord.members.byName.keys());
const folded = new Map([...callMembers].map((name) => [foldName(name), name]));

/** Returns the form of a JSON text that cannot be imported, if it is known. */
export function valueForm(text: Buffer): NamedForm | undefined {
  const value = parsed(text.length > longest ? '' : text.toString());
  if (value === undefined) return undefined;
  if (typeof value === 'string')
    return callIn(parsed(value))
      ? {
          reason: 'The record is a string that holds JSON: it was encoded twice.',
          next: 'Decode it once (jq -c fromjson).',
        }
      : undefined;
  if (!isObject(value)) return undefined;
  if ('subscriptionId' in value && ('resource' in value || 'changeType' in value))
    return {
      reason: 'This is a change notification: it says that a call changed, and holds no record of it.',
      next: 'Import the record that its resource names, or let rollcall sync fetch it.',
    };
  return spelling(value) ?? wrapper(value);
}

/** Recognizes member names in another spelling than Graph's. */
function spelling(value: { readonly [name: string]: Json }): NamedForm | undefined {
  const others = Object.keys(value).filter((name) => !callMembers.has(name) && folded.has(foldName(name)));
  if (others.length < 2) return undefined;
  const shown = others.slice(0, 3).join(', ');
  const raw = 'Save the response itself in place of the objects of an SDK';
  if (others.every((name) => /^[A-Z][A-Za-z0-9]*$/.test(name)))
    return {
      reason: `The member names are those of .NET or PowerShell objects (${shown}), not those of Graph.`,
      next: `${raw}: Invoke-MgGraphRequest -OutputType Json, or HttpResponseMessage.Content.`,
    };
  if (others.some((name) => name.includes('_')))
    return {
      reason: `The member names are those of a Python object (${shown}), not those of Graph.`,
      next: `${raw}: the JSON that it was made of.`,
    };
  return {
    reason: `The member names are not spelled as in Graph (${shown}).`,
    next: `${raw}.`,
  };
}

const wrappers: readonly { readonly has: readonly string[]; readonly writer: string }[] = [
  { has: ['_raw'], writer: 'Splunk exports it' },
  { has: ['result'], writer: 'Splunk exports it' },
  { has: ['_source'], writer: 'Elasticsearch exports it' },
  { has: ['statusCode', 'body'], writer: 'Logic Apps, Power Automate and Azure Functions save it' },
  { has: ['headers', 'body'], writer: 'Logic Apps and Power Automate save it' },
  { has: ['outputs'], writer: 'Logic Apps and Power Automate save it' },
  { has: ['specversion'], writer: 'CloudEvents hold it' },
  { has: ['eventType'], writer: 'Event Grid holds it' },
  { has: ['records'], writer: 'Azure Monitor writes it' },
  { has: ['tables'], writer: 'Log Analytics writes it' },
  { has: ['Content', 'StatusCode'], writer: 'Invoke-WebRequest | ConvertTo-Json writes it' },
];

/** Recognizes a record inside a member of another object. */
function wrapper(value: { readonly [name: string]: Json }): NamedForm | undefined {
  const found = placeOfCall(value);
  if (found === undefined) return undefined;
  const { path, isText } = found;
  const names = Object.keys(value);
  const writer = wrappers.find(({ has }) =>
    has.every((name) => names.includes(name) || path.includes(name)),
  )?.writer;
  const shown = path.every((name) => /^[\w.$@-]{1,60}$/.test(name)) ? path.join('.') : undefined;
  const where = shown === undefined ? 'in another object' : `in the member '${shown}' of another object`;
  const query = path
    .map((name) => (/^\d+$/.test(name) ? '[]' : `.${/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`}`))
    .join('');
  return {
    reason: `The record is ${where}${writer === undefined ? '' : `, as ${writer}`}.`,
    next: `Write only the record${shown === undefined ? '' : `, for instance with jq -c '${query}${isText ? ' | fromjson' : ''}'`}.`,
  };
}

function placeOfCall(
  value: Json,
): { readonly path: readonly string[]; readonly isText: boolean } | undefined {
  let left = mostMembers;
  let level: readonly { readonly path: readonly string[]; readonly value: Json }[] = [{ path: [], value }];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: { path: readonly string[]; value: Json }[] = [];
    for (const { path, value: one } of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const [name, inner] of Object.entries(one)) {
        if (left-- === 0) return undefined;
        const at = [...path, name];
        if (typeof inner === 'string' ? /^\s*[[{]/.test(inner) && callIn(parsed(inner)) : isCall(inner))
          return { path: at, isText: typeof inner === 'string' };
        next.push({ path: at, value: inner });
      }
    }
    level = next;
  }
  return undefined;
}

function callIn(value: Json | undefined): boolean {
  return value !== undefined && (isCall(value) || placeOfCall(value) !== undefined);
}

function isCall(value: Json): boolean {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.includes('id') && names.filter((name) => name !== 'id' && callMembers.has(name)).length >= 2;
}

const cut =
  /^(?:@\{|System\.(?:Object|Collections|Management|String|Int)|Microsoft\.(?:Graph|PowerShell)\.|\[object Object\])/;
const dateOfNet = /^\/Date\(-?\d+(?:[+-]\d{4})?\)\/$/;

/**
 * Recognizes changes by PowerShell: dates in its old JSON format, and objects truncated at a depth. Such a record has
 * lost data and is not stored as an odd one.
 *
 * @param text A callRecord, or an entry or row of a list.
 */
export function changedForm(text: Buffer): NamedForm | undefined {
  const isSuspect = ['/Date(', '\\/Date(', '"@{', '"System.', '"Microsoft.', '[object Object]'].some((one) =>
    text.includes(one),
  );
  const value = isSuspect ? parsed(text.toString()) : undefined;
  return value === undefined ? undefined : changedIn(value, recordShape);
}

const recordShape: Pick<Shape, 'form' | 'members' | 'item'> = {
  form: 'object',
  members: storedTypes.callRecord.members,
  item: undefined,
};

function changedIn(
  value: Json,
  shape: Pick<Shape, 'form' | 'members' | 'item'> | undefined,
): NamedForm | undefined {
  if (shape === undefined) return undefined;
  if (typeof value === 'string') {
    if (dateOfNet.test(value) && shape.form === 'string')
      return {
        reason: String.raw`The dates have the format of Windows PowerShell 5.1 (\/Date(…)\/), not that of Graph.`,
        next: 'Save the response itself (Invoke-WebRequest -OutFile, Invoke-MgGraphRequest -OutputFilePath), or convert with PowerShell 7.',
      };
    return cut.test(value) && (shape.form === 'object' || shape.form === 'array')
      ? {
          reason: 'ConvertTo-Json cut off objects of the record: its default -Depth is 2.',
          next: 'Save the response itself, or convert with ConvertTo-Json -Depth 20.',
        }
      : undefined;
  }
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) {
      const form = changedIn(one, shape.item ?? shape);
      if (form !== undefined) return form;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (shape.form === 'string')
    return Object.values(value)
      .map((one) => changedIn(one, shape))
      .find((one) => one !== undefined);
  for (const [name, one] of Object.entries(value)) {
    const form = changedIn(one, shape.members?.byName.get(name)?.shape);
    if (form !== undefined) return form;
  }
  return undefined;
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Folds spellings of a name, such as `StartDateTime` and `start_date_time`. */
function foldName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}
