/** Tests the clock of the emulator over HTTP, and what runs by it. */
import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import { aRecord } from '../support/records.ts';
import { startDev, startEmulator, type TestEmulator, type TestEmulatorOptions } from '../support/emulator.ts';

let emulator: TestEmulator;
const begin = async (options?: TestEmulatorOptions) => (emulator = await startEmulator(options));
afterEach(() => emulator.stop());

const record = '/v1.0/communications/callRecords/call';
const now = async () => ((await (await emulator.ask('GET', 'clock')).json()) as { now: string }).now;

describe('the clock', () => {
  it('is moved by a span and to a time, and says where it stands', async () => {
    await begin();
    expect(await now()).toBe('2026-11-02T12:00:00.000Z');
    const moved = await emulator.ask('POST', 'clock', { advance: 'P1DT1H0.5S' });
    expect([moved.status, await moved.json()]).toMatchObject([
      200,
      { now: '2026-11-03T13:00:00.500Z', running: false },
    ]);
    await emulator.ask('POST', 'clock', { advance: 500 });
    expect(await now()).toBe('2026-11-03T13:00:01.000Z');
    await emulator.ask('POST', 'clock', { to: '2026-11-04T02:00:00+02:00' });
    expect(await now()).toBe('2026-11-04T00:00:00.000Z');
  });

  it('is not moved back', async () => {
    await begin();
    const answer = await emulator.ask('POST', 'clock', { to: '2026-11-02T11:00:00Z' });
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { message: 'to: the clock is at 2026-11-02T12:00:00.000Z and cannot go back.' } },
    ]);
    expect(await now()).toBe('2026-11-02T12:00:00.000Z');
  });

  it('gives each waiter its turn at its own time, those too who wait again', async () => {
    await begin();
    const seen: string[] = [];
    const { clock } = emulator;
    const retry = async () => {
      for (const ms of [1000, 2000, 4000]) {
        await clock.sleep(ms);
        seen.push(clock.now().toISOString().slice(14, 19));
      }
    };
    void retry();
    await emulator.ask('POST', 'clock', { advance: 'PT1M' });
    expect(seen).toEqual(['00:01', '00:03', '00:07']);
  });

  it('waits for a delivery under way before it is moved: its endpoint has not been slow', async () => {
    await begin();
    await using receiver = await startReceiver({
      answer: ({ response }) => void setTimeout(() => response.writeHead(202).end(), 50),
    });
    const subscribed = await emulator.send('POST', '/v1.0/subscriptions', {
      changeType: 'created',
      notificationUrl: `${receiver.url}/hook`,
      resource: 'communications/callRecords',
      expirationDateTime: '2026-11-03T12:00:00Z',
    });
    expect(subscribed.status).toBe(201);
    await emulator.ask('POST', 'callRecords', aRecord('call'));
    await receiver.arrived(1);
    await emulator.ask('POST', 'clock', { advance: 'PT10M' });
    expect(receiver.notifications()).toHaveLength(1);
  });

  it('brings records that are late, and takes away those that are forgotten', async () => {
    await begin({ retentionDays: 30, lateMinutes: 15 });
    await emulator.import([
      aRecord('call', { startDateTime: '2026-11-02T11:00:00Z', endDateTime: '2026-11-02T11:50:00Z' }),
    ]);
    const statuses: number[] = [];
    for (const advance of ['PT0S', 'PT5M', 'P29D', 'P1D']) {
      await emulator.ask('POST', 'clock', { advance });
      statuses.push((await emulator.get(record)).status);
    }
    expect(statuses).toEqual([404, 200, 200, 404]);
  });

  it('ends the spans of throttling', async () => {
    await begin({ throttleScale: 1 });
    await emulator.import([aRecord('call')]);
    const ask = async () => (await emulator.get(record)).status;
    const first = await Promise.all(Array.from({ length: 41 }, ask));
    expect(first.filter((status) => status === 429)).toHaveLength(1);
    await emulator.ask('POST', 'clock', { advance: 'PT20S' });
    expect(await ask()).toBe(200);
  });

  it('leaves tokens alone, which keep to the clock of their clients', async () => {
    await begin();
    await emulator.import([aRecord('call')]);
    const token = await emulator.token();
    await emulator.ask('POST', 'clock', { advance: 'P400D' });
    const answer = await fetch(emulator.url + record, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
  });
});

it('is that of `dev` too, and goes on by itself unless it is told to stand', async () => {
  await begin();
  const standing = await startDev(
    ...['--store', 'memory:', '--calls', '1', '--clock-start', '2026-11-01T08:00:00Z', '--clock-standing'],
  );
  expect(await (await standing.ask('GET', 'clock')).json()).toMatchObject({
    now: '2026-11-01T08:00:00.000Z',
    running: false,
  });
  await standing.ask('POST', 'clock', { advance: 'PT1H' });
  expect(await (await standing.ask('GET', 'clock')).json()).toMatchObject({
    now: '2026-11-01T09:00:00.000Z',
  });
  expect(await standing.stop()).toBe(0);

  const running = await startDev('--store', 'memory:', '--calls', '1');
  await running.ask('POST', 'clock', { advance: 'P1D' });
  const { now: text } = (await (await running.ask('GET', 'clock')).json()) as { now: string };
  expect(Date.parse(text) - Date.now()).toBeGreaterThan(86_000_000);
  expect(await running.stop()).toBe(0);
});
