#!/usr/bin/env node
/** The installed program. Plain JavaScript that any Node reads, so that an older one gets an error message. */
const needed = 24;

if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(
    `Rollcall needs Node.js ${needed} or newer, and this is Node.js ${process.versions.node}. Install a newer one from https://nodejs.org, or run the container image.\n`,
  );
  process.exitCode = 2;
} else {
  await import('../dist/cli/main.js');
}
