import { Fault } from '../../src/contract/faults.ts';

/** Returns the message of the fault that a query option causes, or `none`; any other error fails the test. */
export function refusal(parse: () => unknown): string {
  try {
    parse();
    return 'none';
  } catch (error) {
    if (error instanceof Fault && error.fault === 'badQueryOption') return error.message;
    throw error;
  }
}
