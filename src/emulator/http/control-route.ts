/** Defines a route of the control API: method, template, body and handler. */
import type { ControlBody, ControlBodyName } from '../control-bodies.ts';
import type { Scenarios } from '../scenarios.ts';
import type { Emulator } from '../emulator.ts';
import type { RequestRecorder } from './request-recorder.ts';

export interface ControlParts {
  readonly emulator: Emulator;
  readonly scenarios: Scenarios;
  readonly recorder: RequestRecorder;
}

interface Asked<B> {
  readonly body: B;
  /** The values of the braces in the template, decoded. */
  readonly keys: readonly string[];
  readonly query: URLSearchParams;
}

export interface ControlAnswer {
  readonly status: 200 | 201 | 204;
  readonly body?: unknown;
}

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/rollcall/dev/`. */
  readonly template: string;
  readonly summary: string;
  /** `text` is unparsed JSON or JSON Lines. */
  readonly body?: ControlBodyName | 'text';
  /** Query options with their descriptions. */
  readonly options?: Readonly<Record<string, string>>;
  readonly status: ControlAnswer['status'];
  readonly answer: (parts: ControlParts, asked: Asked<unknown>) => ControlAnswer | Promise<ControlAnswer>;
}

/** Binds the type of a body to its schema. */
export function withBody<Name extends ControlBodyName>(
  body: Name,
  route: Omit<ControlRoute, 'answer' | 'body'> & {
    answer: (parts: ControlParts, asked: Asked<ControlBody<Name>>) => ControlAnswer | Promise<ControlAnswer>;
  },
): ControlRoute {
  // The dispatcher checks the body against the route's schema before it calls the handler.
  return { ...route, body, answer: (parts, asked) => route.answer(parts, asked as Asked<ControlBody<Name>>) };
}
