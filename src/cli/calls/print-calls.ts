/** Prints the calls that a search finds. */
import { type ExitCode, exitCodes } from '../../base/exit.ts';
import { printable } from '../../base/printable.ts';
import type { Terminal } from '../../base/terminal.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { callText } from '../../serve/internal/search/find-calls.ts';
import { callSearch } from '../../serve/internal/search/parameters.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { namedOrAll } from '../named-tenants.ts';
import { withOptionProblems } from '../option-problems.ts';
import type { ReadSettings, Settings } from '../settings.ts';
import type { FindQuestion } from './find-question.ts';
import { walkFoundCalls, type TenantCall } from './found-calls.ts';
import { foundTable } from './found-table.ts';
import { totalLine } from './total-line.ts';

export async function printCalls(
  read: ReadSettings,
  question: FindQuestion,
  terminal: Terminal,
): Promise<ExitCode> {
  const { settings } = read;
  const { stdout, stderr } = terminal;
  const { from, before } = question;
  const parsed = withOptionProblems(
    () => callSearch(parametersOf(settings, question)),
    problemsWith(settings, question),
  );
  const search = { ...parsed, from, before };
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const ended = await inferRolls(store, terminal);
  const tenants = await namedOrAll(read, store);
  const found: TenantCall[] = [];
  let isMore = false;
  for await (const call of walkFoundCalls(store, tenants, search, settings.limit)) {
    isMore = found.length === settings.limit;
    if (isMore) break;
    found.push(call);
  }
  if (settings.json)
    stdout.write(
      `{"calls":[${found.map(({ tenantId, call }) => printable(callText(call, `,"tenant":"${tenantId}"`))).join()}]}\n`,
    );
  else {
    if (found.length > 0) stdout.write(foundTable(found, tenants.length > 1, stdout));
    if (!settings.quiet)
      stderr.write(
        totalLine(found.length, { count: found.length, isExact: !isMore }, ['call', 'calls'], stderr),
      );
  }
  return ended(exitCodes.done);
}

function parametersOf({ person = [], number, state, reason }: Settings, { text }: FindQuestion) {
  const [first] = person;
  return {
    ...(first !== undefined && { person: first }),
    ...(number !== undefined && { number }),
    ...(state !== undefined && { state }),
    ...(reason !== undefined && { reason }),
    ...(text !== undefined && { q: text }),
  };
}

/** People that a search may name. */
const mostPeople = 1;

function problemsWith({ person = [] }: Settings, { problems }: FindQuestion): readonly string[] {
  return [
    ...problems,
    ...(person.length > mostPeople ? [`--person: at most ${mostPeople} person is expected.`] : []),
  ];
}
