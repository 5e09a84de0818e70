/** Starts the slowest test files first, so that none of them runs alone at the end. */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Projects in order: a worker keeps its loaded modules while the next file is of the same project. The first mostly
 * wait and leave the CPU to others.
 */
const projects: readonly string[] = ['postgres', 'rollcall', 'contract', 'unit'];

/** The slowest files of each project by measured time; the others follow in vitest's order. */
const longest: readonly string[] = [
  'test/samples/samples.test.ts',
  'test/postgres/store.test.ts',
  'test/postgres/copy.test.ts',
  'test/web/every-view.test.ts',
  'test/e2e/stopping.test.ts',
  'test/samples/manual.test.ts',
  'test/postgres/odd-sync.test.ts',
  'test/e2e/two-syncs.test.ts',
  'test/postgres/lost-node.test.ts',
  'test/hostile/internal-requests.test.ts',
  'test/web/place-and-session.test.ts',
  'test/tracing/tracing.test.ts',
  'test/web/finding.test.ts',
  'test/e2e/workers-log.test.ts',
  'test/postgres/outages.test.ts',
  'test/cli/read-only.test.ts',
  'test/web/phone-calls.test.ts',
  'test/hostile/slow-clients.test.ts',
  'test/web/links.test.ts',
  'test/cli/cli.test.ts',
  'test/cli/stopping.test.ts',
  'test/sync/adopted-subscription.test.ts',
  'test/postgres/cli.test.ts',
  'test/import/kill.test.ts',
  'test/transfer/copy.test.ts',
  'test/e2e/failing-store.test.ts',
  'test/postgres/bit-flips.test.ts',
  'test/e2e/killed-sync.test.ts',
  'test/export/export.test.ts',
  'test/e2e/workers-failures.test.ts',
  'test/e2e/nine-days-down.test.ts',
  'test/contract/store-metrics.test.ts',
  'test/postgres/renewal.test.ts',
  'test/store/store.test.ts',
  'test/web/print.test.ts',
  'test/store/bit-flips.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projectOf = ({ project }: TestSpecification) => projects.indexOf(project.name);
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return place === -1 ? longest.length : place;
    };
    // The sort is stable: files of equal rank keep their order.
    return sorted.sort((a, b) => projectOf(a) - projectOf(b) || placeOf(a) - placeOf(b));
  }
}
