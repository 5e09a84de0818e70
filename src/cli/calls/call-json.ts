/** Formats a call for `show --json`. */
import type { PersonPanel } from '../../analysis/quality-panel.ts';
import { printable } from '../../base/printable.ts';
import { failureWords } from '../../contract/failure.ts';
import { callText } from '../../serve/internal/search/find-calls.ts';
import type { CallInFull } from './call-in-full.ts';

/** Returns one line of JSON: the members of a found call, and the others of `show`. */
export function callJson({ tenantId, edition, call, completeness, versions, ...lists }: CallInFull): string {
  const { people, sessions, endedSessions } = lists;
  const more = {
    tenant: tenantId,
    completeness,
    roll: {
      people: people.map(({ failures, panel, ...person }) => ({
        ...person,
        failures: failures.map(withWords),
        panel: panel && panelParts(panel),
      })),
      sessions,
      endedSessions: endedSessions.map(({ failure, ...session }) => ({
        ...session,
        failure: withWords(failure),
      })),
    },
  };
  // The digits of a version are those received.
  const stored = versions.map(
    ({ version, ...times }) => `{"version":${version},${JSON.stringify(times).slice(1)}`,
  );
  const end = `,"versions":[${stored.join()}],${JSON.stringify(more).slice(1, -1)}`;
  const text =
    call === undefined
      ? `{"id":${JSON.stringify(edition.callId)},"version":${edition.version}${end}}`
      : callText(call, end);
  return `${printable(text)}\n`;
}

/** Returns the parts of a panel that the quality of the person does not have. */
function panelParts({ clients, devices, networks, feedback, isAll }: PersonPanel) {
  return { clients, devices, networks, feedback, isAll };
}

function withWords(failure: Parameters<typeof failureWords>[0]) {
  return { ...failure, words: failureWords(failure) };
}
