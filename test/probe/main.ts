/** The process of `npm run probe`. */
import { runProbe } from './command.ts';

process.exitCode = await runProbe(process.argv.slice(2), {
  environment: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
