/** The query parameters of a call's page. */
import { affiliations } from '../../contract/affiliation.ts';
import { isOneOf, type ViewParameters } from '../parameters.ts';

const callViews = ['roll', 'timeline', 'media', 'versions', 'data'];

const longestText = 200;

const isEdition = (value: string) => /^\d{1,15}$/.test(value);

export const callParameters: ViewParameters = {
  view: isOneOf(callViews),
  /** A number, as in `Prefer: rollcall.as-of=`. */
  version: (value) => /^\d{1,15}$/.test(value),
  /** Two stored states that the view of versions compares: numbers of editions. */
  left: isEdition,
  right: isEdition,
  /** A position on the roll, whose media the view of media quality shows. */
  person: (value) => /^\d{1,9}$/.test(value),
  streams: isOneOf(['all', 'poor']),
  /** The roll's search, filter and order. */
  find: (value) => value.length <= longestText,
  affiliation: isOneOf(affiliations),
  sort: (value) => /^-?(name|joined|left|present)$/.test(value),
};
