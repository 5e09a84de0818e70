/** Starts a server as `dev` runs it, with access to its clock, faults and recorder. */
import { systemClock } from '../../src/base/clock.ts';
import { type Client, Clients } from '../../src/emulator/issuer/clients.ts';
import { development } from '../../src/base/development.ts';
import { type RequestRecorder } from '../../src/emulator/http/request-recorder.ts';
import { createEmulatorHttp } from '../../src/emulator/http/emulator-http.ts';
import { createDeliveryHook } from '../../src/emulator/delivery-faults.ts';
import { createEmulatorClock, type EmulatorClock } from '../../src/emulator/emulator-clock.ts';
import { Emulator } from '../../src/emulator/emulator.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startHere } from './rollcall.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

export interface TestEmulator extends TestServer {
  /** Stands still until the test advances it. */
  readonly clock: EmulatorClock;
  readonly emulator: Emulator;
  readonly recorder: RequestRecorder;
  /** Sends a request to the control API, `/rollcall/dev/`; a body is sent as JSON. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response>;
}

export interface TestEmulatorOptions extends Omit<TestServerOptions, 'clock' | 'clients'> {
  readonly start?: Date;
  /** Clients in addition to the development client. */
  readonly clients?: readonly Client[];
  /** Called with each request, before a fault is injected. */
  readonly onRequest?: () => void;
}

export async function startEmulator(options: TestEmulatorOptions = {}): Promise<TestEmulator> {
  const { start = new Date('2026-11-02T12:00:00Z'), onRequest = () => undefined } = options;
  const clock = createEmulatorClock(start, undefined);
  const { store = openSqliteStore(':memory:', { clock }) } = options;
  const clients = new Clients(options.clients);
  const emulator = new Emulator({ store, clock, clients, tenantId: development.tenantId });
  const { routes, recorder, intercept } = createEmulatorHttp(emulator);
  const { throttleScale, ...serverOptions } = options;
  const interceptor = intercept(throttleScale);
  const server = await startTestServer({
    ...serverOptions,
    store: emulator.store,
    clients,
    clock,
    tokenClock: systemClock,
    routes,
    interceptor: {
      ...interceptor,
      exchange(...asked) {
        onRequest();
        return interceptor.exchange?.(...asked);
      },
    },
    deliveryHook: options.deliveryHook ?? createDeliveryHook(emulator.faults),
  });
  // As in `dev`: the clock waits for the deliveries that it causes.
  clock.onMoved(server.dispatcher, () => server.dispatcher.idle(2000));
  emulator.onChanged(() => server.dispatcher.wake());
  const stop = async () => {
    await server.stop();
    emulator[Symbol.dispose]();
  };
  return {
    ...server,
    stop,
    [Symbol.asyncDispose]: stop,
    clock,
    emulator,
    recorder,
    ask: (method, path, body) => askControlApi(server.url, method, path, body),
  };
}

function askControlApi(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${url}/rollcall/dev/${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
}

export interface DevCommand extends AsyncDisposable {
  readonly url: string;
  ask: TestEmulator['ask'];
  /** @returns the exit code */
  stop(): Promise<number>;
}

/** Starts `rollcall dev` in this process, on a free port. */
export async function startDev(...args: string[]): Promise<DevCommand> {
  const dev = startHere(['dev', '--port', '0', '--json', ...args]);
  const [, url = ''] = await dev.said(/"listening":"([^"]+)"/);
  return {
    url,
    ask: (method, path, body) => askControlApi(url, method, path, body),
    stop: () => dev.stop(),
    async [Symbol.asyncDispose]() {
      await dev.stop();
    },
  };
}
