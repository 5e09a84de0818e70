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
  'test/samples/manual.test.ts',
  'test/samples/samples.test.ts',
  'test/postgres/store.test.ts',
  'test/postgres/copy.test.ts',
  'test/postgres/other-replicas.test.ts',
  'test/postgres/outages.test.ts',
  'test/postgres/lost-node.test.ts',
  'test/e2e/stopping.test.ts',
  'test/e2e/killed-sync.test.ts',
  'test/hostile/slow-clients.test.ts',
  'test/e2e/workers-reload.test.ts',
  'test/e2e/workers-failures.test.ts',
  'test/cli/cli.test.ts',
  'test/web/every-view.test.ts',
  'test/e2e/two-syncs.test.ts',
  'test/e2e/interrupted-sync.test.ts',
  'test/tracing/tracing.test.ts',
  'test/store/store.test.ts',
  'test/export/export.test.ts',
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
