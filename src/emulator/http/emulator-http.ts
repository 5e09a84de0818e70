/** A stage over HTTP: its paths, and what stands before the others. */
import { wwwAuthenticate } from '../../graph/permission.ts';
import { Scenarios } from '../scenarios.ts';
import type { Emulator } from '../emulator.ts';
import type { OtherPaths } from '../../serve/http/api.ts';
import type { RequestInterceptor } from '../../serve/http/request-interceptor.ts';
import { RequestRecorder } from './request-recorder.ts';
import { createFaultInterceptor } from './fault-interceptor.ts';
import { controlPaths } from './control-paths.ts';

interface EmulatorHttp {
  readonly paths: OtherPaths;
  readonly interceptor: RequestInterceptor;
  readonly recorder: RequestRecorder;
  readonly scenarios: Scenarios;
}

export function createEmulatorHttp(emulator: Emulator): EmulatorHttp {
  const { clock, faults } = emulator;
  const scenarios = new Scenarios(emulator);
  const recorder = new RequestRecorder(clock.now);
  return {
    recorder,
    scenarios,
    paths: controlPaths({ emulator, scenarios, recorder }),
    interceptor: createFaultInterceptor({
      faults,
      overtake: (...asked) => emulator.overtake(...asked),
      recorder,
      clock,
      challenge: wwwAuthenticate(),
    }),
  };
}
