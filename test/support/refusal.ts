import { Fault } from '../../src/contract/faults.ts';

/** The message of the fault that a query option leads to, or `none`; anything else that is thrown fails the test. */
export function refusal(parse: () => unknown): string {
  try {
    parse();
    return 'none';
  } catch (error) {
    if (error instanceof Fault && error.fault === 'badQueryOption') return error.message;
    throw error;
  }
}
