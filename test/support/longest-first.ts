/** Starts the files that take longest first, so that none of them runs alone at the end. */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From the longest on, as measured; the others follow in vitest's own order. */
const longest: readonly string[] = [
  'test/postgres/silent-primary.test.ts',
  'test/postgres/silent-network.test.ts',
  'test/postgres/busy-hosts.test.ts',
  'test/samples/samples.test.ts',
  'test/samples/manual.test.ts',
  'test/postgres/outages.test.ts',
  'test/verify/outages.test.ts',
  'test/e2e/interrupted-sync.test.ts',
  'test/postgres/interrupted-sync.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return place === -1 ? longest.length : place;
    };
    // Stable: those of one place stay in their order.
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}
