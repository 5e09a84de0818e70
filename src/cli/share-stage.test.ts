import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../http/exchange.ts';
import { stageHttp } from '../http/stage/stage-http.ts';
import { Clients } from '../auth/issuer/clients.ts';
import { systemClock } from '../clock.ts';
import { createStageClock, type StageClock } from '../stage/stage-clock.ts';
import { Stage } from '../stage/stage.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { shareStage } from './share-stage.ts';

/** A stage whose paths are a function of the test, before a pool that notes what it is told. */
async function shared(
  paths: (stage: Stage) => Promise<void> = () => Promise.resolve(),
  clock: StageClock = createStageClock(systemClock.now(), systemClock),
  isThrottled = false,
) {
  const happened: string[] = [];
  const gates: (() => void)[] = [];
  const stage = new Stage({
    store: openSqliteStore(':memory:'),
    clock,
    clients: new Clients(),
    tenantId: 'tenant',
  });
  const pool = {
    onMet: () => undefined,
    async setAlone(isAlone: boolean) {
      happened.push(`alone: ${isAlone}`);
      if (!isAlone) await new Promise<void>((resolve) => gates.push(resolve));
      if (!isAlone) happened.push('all know');
    },
    report() {
      happened.push('report');
      return Promise.resolve([]);
    },
  };
  const answer = () => {
    happened.push('answer');
    return paths(stage);
  };
  const openGate = () => {
    for (const open of gates.splice(0)) open();
  };
  const starting = shareStage(pool, stage, { ...stageHttp(stage), paths: answer }, isThrottled);
  openGate();
  const shown = await starting;
  const asked = (method: string) => shown(exchangeOf(method), '/rollcall/dev/faults', 'http://server');
  return { happened, asked, openGate };
}

function exchangeOf(method: string): Exchange {
  const request = Object.assign(new IncomingMessage(new Socket()), { method });
  const ids = { requestId: 'id', clientRequestId: 'id' };
  return { request, response: new ServerResponse(request), ids, clientAddress: undefined, headers: [] };
}

/** Everything that can go on without the gate has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a stage that is shared with workers', () => {
  it('makes no change before every worker knows that it is not to answer', async () => {
    const { happened, asked, openGate } = await shared();
    const answered = asked('POST');
    await settled();
    expect(happened).toEqual(['alone: true', 'alone: false']);
    openGate();
    await answered;
    expect(happened.slice(2)).toEqual(['all know', 'report', 'answer', 'alone: true']);
  });

  it('has workers answer nothing while a rule is there, and everything when it is gone', async () => {
    const rules: ((stage: Stage) => void)[] = [
      (stage) => void stage.faults.add({ effect: { status: 503 } }),
      (stage) => stage.faults.clear(),
    ];
    const { happened, asked, openGate } = await shared((stage) => Promise.resolve(rules.shift()?.(stage)));
    for (let i = 0; i < 2; i++) {
      const answered = asked('POST');
      openGate();
      await answered;
    }
    expect(happened.filter((one) => one.startsWith('alone'))).toEqual([
      'alone: true',
      'alone: false',
      'alone: false',
      'alone: false',
      'alone: true',
    ]);
  });

  it('only looks when it is only asked', async () => {
    const { happened, asked } = await shared();
    await asked('GET');
    expect(happened).toEqual(['alone: true', 'report', 'answer', 'alone: true']);
  });

  it.each([
    ['a clock that stands', createStageClock(systemClock.now(), undefined), false],
    ['a clock of another day', createStageClock(new Date(0), systemClock), false],
    ['limits that are counted', createStageClock(systemClock.now(), systemClock), true],
  ])('has workers answer nothing with %s', async (_what, clock, isThrottled) => {
    expect((await shared(undefined, clock, isThrottled)).happened).toEqual(['alone: false', 'all know']);
  });
});
