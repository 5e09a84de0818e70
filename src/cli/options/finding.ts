/** Options of `find`. */
import { externalChoices } from '../../contract/affiliation.ts';
import { callStates } from '../../contract/call-outcome.ts';
import { reasonKinds } from '../../contract/failure.ts';
import { phoneStates } from '../../contract/phone-log.ts';
import type { Option } from './option.ts';

/** The values of `find --what`: calls, and the logs by the names that `export` gives them. */
export const foundKinds = ['calls', 'pstn', 'direct-routing', 'sms'] as const;

export const findingOptions = {
  person: {
    kind: 'list',
    commands: ['find'],
    value: 'NAME',
    help: 'Only calls with this person: parts of a name or user principal name, or a complete id. Given twice, both were in the call.',
    hasCommas: true,
  },
  number: {
    kind: 'text',
    commands: ['find'],
    value: 'DIGITS',
    help: 'Only calls with a phone number that has these digits.',
  },
  state: {
    kind: 'text',
    commands: ['find'],
    value: 'STATE',
    choices: [...new Set([...callStates, ...phoneStates])],
    help: 'Only calls that ended so, are poor or are incomplete. Logs have failed (direct-routing), missed and missedWithoutRecord.',
    brief: 'Only calls that ended so, such as failed',
  },
  reason: {
    kind: 'text',
    commands: ['find'],
    value: 'REASON',
    choices: reasonKinds,
    help: 'Only calls with a session that ended for this reason.',
  },
  external: {
    kind: 'text',
    commands: ['find'],
    value: 'WHICH',
    choices: externalChoices,
    bare: 'yes',
    help: 'Only calls with people from outside the tenant, without any, or where that is unknown. Without a value, yes.',
  },
  limit: {
    kind: 'integer',
    commands: ['find'],
    value: 'NUMBER',
    default: 50,
    minimum: 1,
    maximum: 100_000,
    help: 'The most calls or rows to print, newest first.',
  },
} as const satisfies Record<string, Option>;
