/**
 * Implements the tracer with OpenTelemetry's SDK, configured by its standard variables (specification "Environment
 * Variables").
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { version } from '../version.ts';
import type { TracingSettings } from './settings.ts';
import type { OpenSpan, SpanOptions, Tracer } from './tracing.ts';

export interface RunningTracer extends Tracer {
  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/**
 * Starts the SDK.
 *
 * @param log Called with OpenTelemetry's messages: a collector does not answer, a variable is invalid.
 */
export async function startOpenTelemetry(
  settings: TracingSettings,
  log: (level: 'error' | 'warn', message: string) => void,
): Promise<RunningTracer> {
  diag.setLogger(
    {
      error: (message) => log('error', message),
      warn: (message) => log('warn', message),
      info: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const contexts = new AsyncLocalStorage<Context>();
  const current = () => contexts.getStore() ?? ROOT_CONTEXT;
  const provider = new BasicTracerProvider({
    // Later attributes win: those of the variables.
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'rollcall', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: await Promise.all(settings.exporters.map((name) => processorOf(name, settings.protocol))),
  });
  const tracer = provider.getTracer('rollcall', version);
  // Baggage is not propagated, because a client may put anything into it.
  const propagator = new W3CTraceContextPropagator();
  return {
    span({ name, kind, attributes = {}, from }: SpanOptions, work) {
      const parent =
        from === undefined ? current() : propagator.extract(current(), from, defaultTextMapGetter);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parent);
      return contexts.run(trace.setSpan(parent, span), () => within(span, work));
    },
    headers() {
      const headers: Record<string, string> = {};
      propagator.inject(current(), headers, defaultTextMapSetter);
      return headers;
    },
    traceId: () => trace.getSpan(current())?.spanContext().traceId,
    async stop() {
      await provider.shutdown();
      diag.disable();
    },
  };
}

async function processorOf(
  exporter: TracingSettings['exporters'][number],
  protocol: TracingSettings['protocol'],
): Promise<SpanProcessor> {
  if (exporter === 'console') return new SimpleSpanProcessor(new ConsoleSpanExporter());
  const { OTLPTraceExporter } = await (protocol === 'http/json'
    ? import('@opentelemetry/exporter-trace-otlp-http')
    : import('@opentelemetry/exporter-trace-otlp-proto'));
  return new BatchSpanProcessor(new OTLPTraceExporter());
}

function within<T>(span: Span, work: (span: OpenSpan) => T): T {
  const open: OpenSpan = {
    set: (attribute, value) => void span.setAttribute(attribute, value),
    failed(type) {
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
  const fail = (error: unknown) => {
    open.failed(wordFor(error));
    span.end();
    throw error;
  };
  let result: T;
  try {
    result = work(open);
  } catch (error) {
    return fail(error);
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  const ended = result.then((value: unknown) => {
    span.end();
    return value;
  }, fail);
  return ended as T; // a promise of the same value
}

/** Returns the class of an error; never its message. */
function wordFor(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.name;
}
