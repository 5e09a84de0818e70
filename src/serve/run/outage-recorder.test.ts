import { beforeEach, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../base/clock.ts';
import { Fault } from '../../contract/faults.ts';
import type { DefectOf } from '../../graph/error-response.ts';
import { createLog } from '../../base/log.ts';
import { StoreError } from '../../store/store-errors.ts';
import { defectLog } from '../observe/logging.ts';
import { OutageRecorder } from './outage-recorder.ts';

const away = new StoreError('Nothing listens there.');
const silent = new Fault('unavailable', 'The authority does not answer.');

let clock: MovableClock;
let answer: () => Promise<undefined>;
let outages: OutageRecorder;
let lines: string[];
let log: ReturnType<typeof createLog>;
beforeEach(() => {
  clock = createMovableClock(new Date(0));
  answer = () => Promise.reject(away);
  outages = new OutageRecorder({ store: { edition: () => answer() }, clock });
  lines = [];
  const write = (line: string) => lines.push(line.replace(/^\S+T00:(\S+)\.000Z (\w+) +/, '$1 $2 ').trim());
  log = createLog({ format: 'text', level: 'info', write, now: clock.now });
});

const onDefect = (error: Error, of: DefectOf) =>
  defectLog(log, (failure, by) => outages.record(log, failure, by))(error, of);

function refuse(error: Error, times = 1): void {
  for (let i = 0; i < times; i++) onDefect(error, { requestId: `r${i}` });
}

async function pass(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advance(1000);
    await outages.poll(log);
  }
}

it('a store that goes away and comes back is three lines, however many requests it fails', async () => {
  refuse(away, 1000);
  await pass(59);
  refuse(away, 20);
  await pass(3);
  answer = () => Promise.resolve(undefined);
  await pass(10);
  expect(lines).toEqual([
    '00:00 error Nothing listens there. requestId=r0',
    '01:00 error Nothing listens there. rejected=1019',
    '01:05 info The store answers again. seconds=62 rejected=1020',
  ]);
});

it('logs each reason of an outage', async () => {
  refuse(new StoreError('The server is shutting down.'), 5);
  await pass(1);
  refuse(away, 5);
  onDefect(away, { about: 'notifications' });
  answer = () => Promise.resolve(undefined);
  await pass(5);
  expect(lines).toEqual([
    '00:00 error The server is shutting down. requestId=r0',
    '00:01 error Nothing listens there. about=store',
    '00:04 info The store answers again. seconds=1 rejected=10',
  ]);
});

it('logs an outage each minute, without requests, too', async () => {
  refuse(away);
  await pass(121);
  expect(lines.slice(1)).toEqual([
    '01:00 error Nothing listens there. rejected=0',
    '02:00 error Nothing listens there. rejected=0',
  ]);
});

it('a store that fails now and then has not recovered', async () => {
  answer = () => Promise.resolve(undefined);
  for (let i = 0; i < 30; i++) {
    refuse(away);
    await pass(2);
  }
  expect(lines).toEqual([
    '00:00 error Nothing listens there. requestId=r0',
    '01:00 error Nothing listens there. rejected=29',
  ]);
});

it('logs the next outage again', async () => {
  answer = () => Promise.resolve(undefined);
  refuse(away);
  await pass(4);
  refuse(away);
  expect(lines).toEqual([
    '00:00 error Nothing listens there. requestId=r0',
    '00:03 info The store answers again. seconds=0 rejected=1',
    '00:04 error Nothing listens there. requestId=r0',
  ]);
});

it('logs another service each minute while it fails, and again after a minute without a failure', async () => {
  refuse(silent, 10);
  await pass(130);
  refuse(silent, 2);
  expect(lines).toEqual([
    '00:00 error The authority does not answer. requestId=r0',
    '01:00 error The authority does not answer. rejected=9',
    '02:10 error The authority does not answer. requestId=r0',
  ]);
});

it('logs each defect with its place in the code, without its message', () => {
  refuse(new TypeError('of Hugo Keller'), 2);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /^00:00 error An internal error occurred: a defect of Rollcall\. requestId=r1 error=TypeError at=".*outage-recorder\.test/,
  );
  expect(lines.join()).not.toContain('Hugo');
});
