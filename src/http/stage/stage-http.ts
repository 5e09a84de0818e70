/** A stage over HTTP: its paths, and what stands before the others. */
import { wwwAuthenticate } from '../../auth/permission.ts';
import { Scenarios } from '../../stage/scenarios.ts';
import type { Stage } from '../../stage/stage.ts';
import type { OtherPaths } from '../api.ts';
import type { Interception } from '../interception.ts';
import { RequestCounts } from './request-counts.ts';
import { stageInterception } from './stage-interception.ts';
import { stagePaths } from './stage-paths.ts';

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
