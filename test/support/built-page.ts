/** Builds the page from the current sources. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from '../../build/build-page.ts';
import { type PageFiles, readPageFiles } from '../../src/serve/internal/page-files.ts';

/** Compresses the viewer of the API reference in a tenth of a second. */
const fastQuality = 5;

export async function builtFiles(): Promise<PageFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-page-'));
  try {
    await buildPage(folder, fastQuality);
    return readPageFiles(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
