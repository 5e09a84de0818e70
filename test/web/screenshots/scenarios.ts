/** What the pictures in the documentation show: each of it at each width, in each theme. */
import { callIdOf } from '../../../src/generate/call-plan.ts';
import { defaultGenerateOptions } from '../../../src/generate/generate.ts';
import { themes, type Theme, type Width, widths } from '../../support/chromium.ts';

/** A call whose list of participants was cut short, added to the generated ones. */
export const cutCallId = 'b2f1c6de-3a0e-4c55-9d47-0f6e5b8a7c21';

/** Generated calls, picked for what they show. */
const call = (number: number) => `/calls/${callIdOf(defaultGenerateOptions, number)}`;

interface Scenario {
  readonly name: string;
  readonly path: string;
  /** What is there when all of it is. */
  readonly shows: string;
}

export const scenarios = [
  { name: 'search', path: '/calls?person=weber', shows: '.more .quiet' },
  { name: 'roll', path: call(9), shows: '.roll .rows-row .badge, .roll .rows-row .name' },
  { name: 'timeline-few', path: `${call(97)}?view=timeline`, shows: '.tracks .bar.segment' },
  { name: 'timeline-many', path: `${call(0)}?view=timeline`, shows: '.tracks .bar' },
  { name: 'media', path: `${call(110)}?view=media`, shows: '.streams .beyond' },
  { name: 'versions', path: `${call(32)}?view=versions`, shows: '.changes' },
  { name: 'completeness', path: `/calls/${cutCallId}`, shows: '.incomplete' },
  { name: 'statistics', path: '/statistics', shows: '.uplot canvas' },
  { name: 'status', path: '/status', shows: '.plain td' },
] as const satisfies readonly Scenario[];

export interface Picture extends Scenario {
  readonly width: Width;
  readonly theme: Theme;
  /** In `docs/screenshots`. */
  readonly file: string;
}

export const pictures: readonly Picture[] = scenarios.flatMap((scenario) =>
  (Object.keys(widths) as Width[]).flatMap((width) =>
    themes.map((theme) => ({
      ...scenario,
      width,
      theme,
      file: `${scenario.name}-${widths[width]}-${theme}.png`,
    })),
  ),
);
