/** Renders the chart with Helm from a package of the tests, on Linux x64 only. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const archive = at('test/node_modules/@aws-cdk/asset-kubectl-v20/lib/layer.zip');
const program = at('node_modules/.cache/rollcall-helm/helm-3.8.1');
export const chart = at('deploy/helm/rollcall');

/** True when Helm can run here. */
export const hasHelm = process.platform === 'linux' && process.arch === 'x64' && existsSync(archive);

/** A Kubernetes object, with the members that the tests read. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

/** Renders the chart. @throws Error with Helm's message when it rejects the values */
export function renderChart(values: object): readonly Manifest[] {
  const args = ['template', 'calls', chart, '--kube-version', '1.31.0', '--values', '-'];
  const { status, stdout, stderr } = run(args, JSON.stringify(values));
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout, { version: '1.1' }).map((document) => document.toJS() as Manifest);
}

/** Runs `helm lint --strict`. @returns Its output and exit code. */
export function lintChart(values: object): { readonly status: number | null; readonly stdout: string } {
  return run(['lint', chart, '--strict', '--values', '-'], JSON.stringify(values));
}

function run(args: readonly string[], input: string) {
  if (!existsSync(program)) unpack();
  const env = { PATH: process.env['PATH'], HOME: dirname(program) };
  return spawnSync(program, args, { input, encoding: 'utf8', env });
}

/** Extracts the program from the archive: a file compressed with `deflate`, named in the central directory. */
function unpack(): void {
  const zip = readFileSync(archive);
  const name = 'helm/helm';
  const entry = zip.lastIndexOf(name) - 46;
  if (entry < 0 || zip.readUInt32LE(entry) !== 0x02014b50) throw new Error(`${archive} holds no ${name}.`);
  const [length, offset] = [zip.readUInt32LE(entry + 20), zip.readUInt32LE(entry + 42)];
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  mkdirSync(dirname(program), { recursive: true });
  const part = `${program}.${process.pid}`;
  writeFileSync(part, inflateRawSync(zip.subarray(start, start + length)), { mode: 0o755 });
  renameSync(part, program);
}
