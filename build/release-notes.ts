/**
 * Prints the notes of a release: `node build/release-notes.ts v1.2.3`. Exits with 1 when the tag, the versions in the
 * repository and the changelog do not agree.
 */
import { readFileSync } from 'node:fs';
import { releaseNotes } from './release.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const { notes, problems } = releaseNotes(process.argv[2] ?? '', read);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length === 0) process.stdout.write(notes);
else process.exitCode = 1;
