/** The query parameters of a call's page. */
import { isOneOf, type ViewParameters } from '../parameters.ts';

const callViews = ['roll', 'timeline', 'media', 'versions', 'data'];

export const callParameters: ViewParameters = {
  view: isOneOf(callViews),
  /** A number, as in `Prefer: rollcall.as-of=`. */
  version: (value) => /^\d{1,15}$/.test(value),
  /** A position on the roll, whose media the view of media quality shows. */
  person: (value) => /^\d{1,9}$/.test(value),
  streams: isOneOf(['all', 'poor']),
};
