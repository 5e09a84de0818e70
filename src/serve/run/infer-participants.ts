/** Infers the participants of calls that an earlier release stored, when a command shows or counts them. */
import { finishInference } from '../../store/inference.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes } from '../../base/exit.ts';

/** Infers participants. @returns The exit code when it fails and the command must end */
export async function inferRolls(
  store: CallRecordStore,
  { stderr }: Pick<Terminal, 'stderr'>,
): Promise<(code: ExitCode) => ExitCode> {
  if (await finishInference(store)) return (code) => code;
  stderr.write(
    'Calls that an earlier release stored without a list of participants may be missing: the store cannot be written, or is damaged. Run the command again on a store that can be written.\n',
  );
  return (code) => (code === exitCodes.done ? exitCodes.incomplete : code);
}
