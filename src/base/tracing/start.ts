/** Enables tracing for the lifetime of a process if the environment asks for it. */
import type { Log } from '../log.ts';
import { doneWithin } from '../stopping.ts';
import { peerDependencies } from '../version.ts';
import { readTracingSettings, type TracingSettings, TracingSettingsError } from './settings.ts';
import { traceWith } from './tracing.ts';

/** How long an ending process waits for a collector. */
const longestWaitMs = 2000;

/**
 * Starts tracing.
 *
 * @returns A function that stops it and returns whether all spans were sent; unsent ones may keep the process alive.
 * @throws TracingSettingsError
 */
export async function startTracing(
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<() => Promise<boolean>> {
  const settings = readTracingSettings(environment);
  if (settings === undefined) return () => Promise.resolve(true);
  checkPackages(settings);
  // Imported only when tracing is on, so that other processes start faster.
  const { startOpenTelemetry } = await import('./open-telemetry.ts');
  const running = await startOpenTelemetry(settings, (level, message) =>
    log.write(level, message, { about: 'tracing' }),
  );
  traceWith(running);
  return () => {
    traceWith(undefined);
    return doneWithin(longestWaitMs, running.stop());
  };
}

/**
 * Checks that OpenTelemetry is installed. It is an optional peer dependency, because it doubles the installation and
 * few users trace.
 */
function checkPackages({ exporters, protocol }: TracingSettings): void {
  const exporter = protocol === 'http/json' ? 'otlp-http' : 'otlp-proto';
  const missing = Object.entries(peerDependencies)
    .filter(([name]) => !name.includes('exporter') || (exporters.includes('otlp') && name.endsWith(exporter)))
    .filter(([name]) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new TracingSettingsError(
    `OTEL_… variables turn tracing on, but its packages are not installed: ${missing.map(([name]) => name).join(', ')}. Install them next to Rollcall, or set OTEL_SDK_DISABLED=true:\nnpm install ${missing.map(([name, range]) => `${name}@${range}`).join(' ')}`,
  );
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
