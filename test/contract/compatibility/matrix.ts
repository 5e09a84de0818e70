/** The whole matrix: its areas, and the name of a row. */
import { call } from './call.ts';
import { calls } from './calls.ts';
import { clouds } from './clouds.ts';
import { logFunctions } from './logs.ts';
import { parts } from './parts.ts';
import type { Area, Row } from './row.ts';
import { requests } from './requests.ts';
import { subscribing } from './subscribing.ts';
import { subscriptions } from './subscriptions.ts';
import { representations, service } from './service.ts';
import { unemulatedAreas } from './unemulated.ts';

export const areas: readonly Area[] = [
  calls,
  call,
  parts,
  logFunctions,
  subscriptions,
  subscribing,
  requests,
  representations,
  service,
  unemulatedAreas,
  clouds,
];

/** A row in short, as code: on the page, and as the name of its test. */
export function nameOf(row: Row): string {
  return `\`${askedOf(row)}\``;
}

function askedOf(row: Row): string {
  const { method = 'GET', request, headers = {}, body, server, subscribed } = row;
  const given = Object.entries(headers).filter(([name]) => name !== 'content-type');
  return [
    ...(method === 'GET' ? [] : [method]),
    request,
    ...given.map(([name, value]) => `${name}: ${value || '(none)'}`),
    ...(body === undefined ? [] : [shortBody(row)]),
    ...(subscribed === undefined ? [] : ['(existing)']),
    ...(server === undefined ? [] : [`(${server})`]),
  ].join(' ');
}

function shortBody({ body, likeBody = {} }: Row): string {
  const members = Object.entries(body as object).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(likeBody[name]),
  );
  const text = JSON.stringify(Object.fromEntries(members));
  const differing = members.length < Object.keys(body as object).length ? text.replace('{', '{…,') : text;
  const plain = differing.replace('{…,}', '{…}').replaceAll('/communications/callRecords', '…');
  return plain.length <= 120 ? plain : `${plain.slice(0, 119)}…`;
}
