/** Connects the emulator to a server: its control API, and the interceptor of requests. */
import { wwwAuthenticate } from '../../graph/permission.ts';
import { type BoundRoute, bindRoutes } from '../../serve/internal/route.ts';
import type { RequestInterceptor } from '../../serve/http/request-interceptor.ts';
import { createAdmission } from '../admission.ts';
import type { Emulator } from '../emulator.ts';
import { Scenarios } from '../scenarios.ts';
import { createThrottle } from '../throttle.ts';
import { controlPaths } from './control-paths.ts';
import { createFaultInterceptor } from './fault-interceptor.ts';
import { RequestRecorder } from './request-recorder.ts';

interface EmulatorHttp {
  readonly routes: readonly BoundRoute[];
  readonly recorder: RequestRecorder;
  readonly scenarios: Scenarios;
  /** Records requests, injects faults, and enforces Graph's limits with a scale. */
  readonly intercept: (throttleScale?: number) => RequestInterceptor;
}

export function createEmulatorHttp(emulator: Emulator): EmulatorHttp {
  const { clock, faults } = emulator;
  const scenarios = new Scenarios(emulator);
  const recorder = new RequestRecorder(clock.now);
  const faultInterceptor = createFaultInterceptor({
    faults,
    overtake: (...asked) => emulator.overtake(...asked),
    recorder,
    clock,
    challenge: wwwAuthenticate(),
  });
  return {
    recorder,
    scenarios,
    routes: bindRoutes(controlPaths, { emulator, scenarios, recorder }),
    intercept(throttleScale) {
      recorder.limitScale = throttleScale ?? 1;
      const throttle = throttleScale === undefined ? undefined : createThrottle(throttleScale, clock.now);
      return { ...faultInterceptor, admit: createAdmission(throttle) };
    },
  };
}
