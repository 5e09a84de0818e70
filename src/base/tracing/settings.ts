/**
 * Reads from OpenTelemetry's variables whether traces are exported, and where; the SDK reads the other variables
 * itself.
 */

export interface TracingSettings {
  readonly exporters: readonly ('otlp' | 'console')[];
  readonly protocol: 'http/protobuf' | 'http/json';
}

export class TracingSettingsError extends Error {
  override readonly name = 'TracingSettingsError';
}

/** Reads the settings. @returns undefined when tracing is off. @throws TracingSettingsError */
export function readTracingSettings(environment: NodeJS.ProcessEnv): TracingSettings | undefined {
  const read = (name: string) => environment[name]?.trim() ?? '';
  if (read('OTEL_SDK_DISABLED').toLowerCase() === 'true') return undefined;
  const isEndpointGiven =
    read('OTEL_EXPORTER_OTLP_ENDPOINT') + read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') !== '';
  const named = read('OTEL_TRACES_EXPORTER') || (isEndpointGiven ? 'otlp' : 'none');
  const names = [...new Set(named.split(',').map((name) => name.trim()))].filter((name) => name !== 'none');
  if (!names.every((name) => name === 'otlp' || name === 'console'))
    throw new TracingSettingsError('OTEL_TRACES_EXPORTER: must be otlp, console or none.');
  if (names.length === 0) return undefined;
  const variable =
    read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') === ''
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  const protocol = read(variable) || 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json')
    throw new TracingSettingsError(
      `${variable}: must be http/protobuf or http/json. A collector accepts both on port 4318.`,
    );
  return { exporters: names, protocol };
}
