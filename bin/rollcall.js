#!/usr/bin/env node
/** The program as it is installed. Of plain JavaScript that any Node reads, so that an old one can be told. */
const needed = 24;

if (Number(process.versions.node.split('.')[0]) < needed) {
  process.stderr.write(
    `Rollcall needs Node.js ${needed} or newer; this is ${process.versions.node}. Install one from https://nodejs.org, or run the container image.\n`,
  );
  process.exitCode = 2;
} else {
  await import('../dist/cli/main.js');
}
