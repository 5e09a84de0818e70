/** The tutorial docs/tutorials/find-a-call.md, done step by step as it stands there. */
import { describe, expect, it } from 'vitest';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { samplesOf } from '../samples/page.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { hasChromium } from '../support/chromium.ts';
import { perform, stepsOf } from './steps.ts';

const tutorial = 'docs/tutorials/find-a-call.md';
const samples = samplesOf(tutorial);
const steps = stepsOf(tutorial);

describe.skipIf(!hasChromium)('the tutorial on finding a call', () => {
  const [, until = ''] = /--clock-start (\S+)/.exec(samples[0]!.commands) ?? [];
  const { visitor } = usePageServer([
    ...generateLines({ ...defaultGenerateOptions, until: new Date(until) }),
  ]);

  it.each(['narrow', 'wide'] as const)('is done as it is written, %s', async (width) => {
    await using visit = await visitor({ width, signsIn: false, timezone: 'Europe/Berlin' });
    const { page, troubles } = visit;
    expect(steps.length).toBeGreaterThan(20);
    for (const step of steps) {
      try {
        await perform(page, step);
      } catch (cause) {
        throw new Error(`${tutorial}, line ${step.line}: ${step.text}`, { cause });
      }
    }
    expect(troubles).toEqual([]);
  });

  it('has no step that would pass whatever the page shows', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/status');
    page.setDefaultTimeout(200);
    await expect(perform(page, { line: 0, text: 'It says “12 people”.' })).rejects.toThrow();
    await expect(perform(page, { line: 0, text: 'Look around.' })).rejects.toThrow('No wording');
  });
});
