/** Selects the two states to compare from the address, and names a state. */
import type { VersionComparison } from '../../analysis/compare-versions.ts';
import type { CallCompleteness } from '../../contract/call-completeness.ts';
import { versionMessages as messages } from '../messages/en.ts';
import { formatTime, type Zone } from '../times.ts';

export interface ComparedState {
  readonly version: number;
  readonly edition: number;
  readonly lastModifiedDateTime: string | null;
  readonly receivedDateTime: string | null;
  readonly people: number;
  readonly completeness: CallCompleteness;
}

/** As `/rollcall/callRecords/{id}/versions/compare` returns it. */
export interface ComparedVersions extends Omit<VersionComparison, 'counts'> {
  readonly left: ComparedState;
  readonly right: ComparedState;
  readonly properties: readonly { readonly name: string; readonly old?: unknown; readonly new?: unknown }[];
}

/** A stored state as the list of versions has it. */
export interface ListedState {
  readonly version: number;
  /** Unique, where a version may have several states. */
  readonly edition: number;
  readonly receivedDateTime: string | null;
}

interface Chosen {
  /** Absent when the address names a state that is not stored. */
  readonly left: ListedState | undefined;
  readonly right: ListedState | undefined;
}

/** Returns the states; the newest on the right and the one before it on the left where the address names none. */
export function statesOf(states: readonly ListedState[], query: URLSearchParams): Chosen {
  const find = (name: string, usual: ListedState | undefined) => {
    const text = query.get(name);
    return text === null ? usual : states.find(({ edition }) => String(edition) === text);
  };
  const right = find('right', states.at(-1));
  const at = right === undefined ? -1 : states.indexOf(right);
  return { left: find('left', states[at - 1] ?? right), right };
}

/** Returns the name of a state, which has the number of the state where the version has several. */
export function nameOfState({ version, edition }: ListedState, states: readonly ListedState[]): string {
  const isOne = states.filter((state) => state.version === version).length === 1;
  return isOne ? messages.version(version) : messages.versionState(version, edition);
}

export function stateLabel(state: ListedState, states: readonly ListedState[], zone: Zone): string {
  const { receivedDateTime } = state;
  const received =
    receivedDateTime === null ? messages.unknownTime : formatTime(receivedDateTime, 'moment', zone);
  return messages.state(nameOfState(state, states), received);
}
