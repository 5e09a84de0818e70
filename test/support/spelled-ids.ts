/** Generates ids as they occur in records, in all spellings, for tests of id equality. */
import fc from 'fast-check';

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Compares ids by the documentation's definition, in a different way than the code under test. */
export function areSame(a: string, b: string): boolean {
  return a === b || (guidForm.test(a) && a.toLowerCase() === b.toLowerCase());
}

/** Converts the letters to capitals for which a bit is set. */
function inCapitals(text: string, bits: number): string {
  return Array.from(text, (letter, i) => ((bits >> (i % 31)) & 1 ? letter.toUpperCase() : letter)).join('');
}

const guids = ['e523d2ed-2966-4b6b-925b-754a88034cc5', 'abcdefab-cdef-4abc-8def-abcdefabcdef'];
const texts = [
  ...guids,
  ...guids.map((guid) => `8:orgid:${guid}`),
  ...guids.map((guid) => `{${guid}}`),
  ...guids.map((guid) => guid.replaceAll('-', '')),
  ...guids.map((guid) => `${guid.slice(0, 35)}g`),
  ...guids.map((guid) => guid.slice(1)),
  '+5564981205182',
  'meganb@contoso.example',
  'ünïcode ☎ 😀 ı',
  'ß',
  'a',
];

/** Generates an id in some spelling. There are few ids, so that they repeat in different spellings. */
export const spelledId = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...guids) }, fc.constantFrom(...texts)),
    fc.oneof(fc.constantFrom(0, -1), fc.integer()),
  )
  .map(([text, bits]) => inCapitals(text, bits));
