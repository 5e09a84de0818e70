/** Shows one call: its facts, outcome, completeness and versions, and all people in it. */
import type { Command } from '../command.ts';

export const show: Command = () => {
  throw new Error('to come');
};
