/** A stage over HTTP: its paths, and what stands before the others. */
import { wwwAuthenticate } from '../../graph/permission.ts';
import { Scenarios } from '../scenarios.ts';
import type { Stage } from '../emulator.ts';
import type { OtherPaths } from '../../serve/http/api.ts';
import type { Interception } from '../../serve/http/interception.ts';
import { RequestCounts } from './request-counts.ts';
import { stageInterception } from './emulator-interception.ts';
import { stagePaths } from './control-paths.ts';

interface StageHttp {
  readonly paths: OtherPaths;
  readonly interception: Interception;
  readonly counts: RequestCounts;
  readonly scenarios: Scenarios;
}

export function stageHttp(stage: Stage): StageHttp {
  const { clock, faults } = stage;
  const scenarios = new Scenarios(stage);
  const counts = new RequestCounts(clock.now);
  return {
    counts,
    scenarios,
    paths: stagePaths({ stage, scenarios, counts }),
    interception: stageInterception({
      faults,
      overtake: (...asked) => stage.overtake(...asked),
      counts,
      clock,
      challenge: wwwAuthenticate(),
    }),
  };
}
