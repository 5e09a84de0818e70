/** Scenarios: run by the clock, checked before they start, and described by a schema for editors. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlBodies, type ControlBodyName, schemaOf } from '../../src/emulator/control-bodies.ts';
import type { ScenarioState } from '../../src/emulator/scenarios.ts';
import { aRecord } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { often, testSeed } from '../support/often.ts';

const calls = '/v1.0/communications/callRecords';

describe('a scenario', () => {
  let emulator: TestEmulator;
  beforeEach(async () => (emulator = await startEmulator()));
  afterEach(async () => {
    expect(emulator.defects).toEqual([]);
    await emulator.stop();
  });
  const run = async (steps: unknown[]) => {
    const answer = await emulator.ask('POST', 'scenarios', { name: 'test', steps });
    return { status: answer.status, ...((await answer.json()) as ScenarioState) };
  };
  const state = async (id = '1') =>
    (await (await emulator.ask('GET', `scenarios/${id}`)).json()) as ScenarioState;
  const advance = (span: string) => emulator.ask('POST', 'clock', { advance: span });
  const read = async (id: string) => {
    const answer = await emulator.get(`${calls}/${id}`);
    return answer.status === 200 ? ((await answer.json()) as { version: number }).version : answer.status;
  };

  it('does each step at its time, whoever moves the clock past several at once', async () => {
    const started = await run([
      { callRecords: [aRecord('call')] },
      { at: 'PT5M', version: { id: 'call' } },
      {
        at: '2026-11-02T12:10:00Z',
        faults: [{ match: { callId: 'call' }, for: 'PT10M', effect: { status: 404 } }],
      },
      { at: 'PT30M', generate: { calls: 2, largest: 3 } },
    ]);
    expect(started).toMatchObject({
      status: 201,
      state: 'playing',
      done: 1,
      next: '2026-11-02T12:05:00.000Z',
    });
    const seen = [await read('call')];
    await advance('PT6M');
    seen.push(await read('call'));
    await advance('PT5M');
    seen.push(await read('call'));
    await advance('PT30M');
    seen.push(await read('call'));
    expect([seen, await state()]).toMatchObject([[1, 2, 404, 2], { state: 'done', done: 4, next: null }]);
    const { lastModifiedDateTime } = (await (await emulator.get(`${calls}/call`)).json()) as Record<
      string,
      unknown
    >;
    expect(lastModifiedDateTime).toBe('2026-11-02T12:05:00.000Z');
  });

  it('moves the clock itself, goes back, and begins anew', async () => {
    const started = await run([
      { callRecords: [aRecord('call')] },
      { snapshot: 'one' },
      { advance: 'P1D' },
      { version: { id: 'call', members: { joinWebUrl: 'https://join.example/' } } },
      { client: { clientId: '33333333-3333-4333-8333-333333333333', secrets: ['s'] } },
      { removeClient: '33333333-3333-4333-8333-333333333333' },
      { faults: [{ effect: { status: 500 } }] },
      { clearFaults: true },
      { restore: 'one' },
    ]);
    expect(started).toMatchObject({ state: 'done', done: 9 });
    expect([await read('call'), emulator.clock.now().toISOString()]).toEqual([1, '2026-11-03T12:00:00.000Z']);
    await run([{ reset: true }]);
    expect(await read('call')).toBe(404);
  });

  it('ends with the step that fails, and says which and why', async () => {
    expect(await run([{ snapshot: 'a' }, { restore: 'none' }, { snapshot: 'b' }])).toMatchObject({
      state: 'failed',
      done: 1,
      problem: "steps[1]: There is no snapshot 'none'. GET snapshots lists them.",
    });
  });

  it('ends when it is told to', async () => {
    await run([{ at: 'PT5M', callRecords: [aRecord('call')] }]);
    await emulator.ask('DELETE', 'scenarios/1');
    await advance('PT10M');
    expect([await state(), await read('call')]).toMatchObject([{ state: 'stopped', done: 0 }, 404]);
    expect((await emulator.ask('DELETE', 'scenarios/7')).status).toBe(404);
  });

  it('is refused with every problem and its place', async () => {
    const answer = await emulator.ask('POST', 'scenarios', {
      steps: [
        { at: 'soon', reset: true },
        { reset: true, advance: 'PT1H' },
        { faults: [{ effect: { status: 99 } }] },
        { at: 'PT1H' },
      ],
      stpes: [],
    });
    const { error } = (await answer.json()) as { error: { details: { target: string; message: string }[] } };
    expect([answer.status, error.details.map(({ target }) => target).sort()]).toEqual([
      400,
      ['steps[0].at', 'steps[1]', 'steps[2].faults[0].effect.status', 'steps[3]', 'stpes'],
    ]);
  });
});

describe('what describes the bodies', () => {
  it('says of every body what the code says of it', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const span = fc.constantFrom('PT1H', 'P1D', 5, 'P', 'PT', -1, 'x', '2026-11-02T12:00:00Z', undefined);
    const anyEffect = fc.record(
      {
        status: fc.constantFrom(404, 503, 200, '404'),
        cut: fc.constantFrom('before', 'after'),
        late: fc.constantFrom(true, false),
        delay: span,
        notification: fc.constantFrom('lost', 'delayed', 'gone'),
        other: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    const effect = fc.oneof(
      anyEffect,
      fc.constantFrom({ status: 404 }, { delay: 5 }, { notification: 'delayed', delay: 1 }, { late: true }),
    );
    const rule = fc.record(
      {
        match: fc.record(
          { callId: fc.constantFrom('a', ''), page: fc.constantFrom(1, 0) },
          { requiredKeys: [] },
        ),
        times: fc.constantFrom(1, 0, 1.5),
        for: span,
        effect,
      },
      { requiredKeys: ['effect'] },
    );
    const anyStep = fc.record(
      {
        at: span,
        reset: fc.constantFrom(true, false),
        advance: span,
        snapshot: fc.constantFrom('a', '../a'),
        faults: fc.array(rule),
      },
      { requiredKeys: [] },
    );
    const step = fc.oneof(anyStep, fc.constantFrom({ reset: true }, { at: 'PT1H', snapshot: 'a' }));
    const samples: Partial<Record<ControlBodyName, fc.Arbitrary<unknown>>> = {
      clock: fc.record({ advance: span, to: span }, { requiredKeys: [] }),
      faults: fc.oneof(rule, fc.array(rule, { maxLength: 3 })),
      scenario: fc.record(
        { steps: fc.array(step, { maxLength: 3 }), name: fc.constantFrom('a', '') },
        { requiredKeys: ['steps'] },
      ),
      nothing: fc.oneof(fc.constant({}), fc.jsonValue()),
    };
    const outcomes = new Set<string>();
    for (const [name, sample] of Object.entries(samples) as [ControlBodyName, fc.Arbitrary<unknown>][]) {
      const check = ajv.compile(schemaOf(name));
      fc.assert(
        fc.property(sample, (made) => {
          const value: unknown = JSON.parse(JSON.stringify(made));
          const isGood = controlBodies[name].safeParse(value).success;
          outcomes.add(`${name} ${isGood}`);
          expect([JSON.stringify(value), check(value)]).toEqual([JSON.stringify(value), isGood]);
        }),
        { numRuns: often(100, 500), seed: testSeed },
      );
    }
    expect(outcomes.size).toBe(8);
  });

  it('is an OpenAPI document in which its linter finds nothing wrong', async () => {
    const emulator = await startEmulator();
    const answer = await emulator.ask('GET', 'openapi.json');
    const problems = await lintFromString({
      source: await answer.text(),
      absoluteRef: 'openapi.json',
      config: await createConfig({
        extends: ['recommended'],
        // Conditions name members that the schema around them defines.
        rules: { 'no-server-example.com': 'off', 'no-required-schema-properties-undefined': 'off' },
      }),
    });
    expect(problems.map(({ message, location }) => `${message} ${location[0]?.pointer ?? ''}`)).toEqual([]);
    await emulator.stop();
  });
});
