/** A path of the emulator: method, template, what body it takes, and what it does. */
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
  /** `text` is JSON or JSON Lines as it came. */
  readonly body?: ControlBodyName | 'text';
  /** Query options, each with what it means. */
  readonly options?: Readonly<Record<string, string>>;
  readonly status: ControlAnswer['status'];
  readonly answer: (parts: ControlParts, asked: Asked<unknown>) => ControlAnswer | Promise<ControlAnswer>;
}

/** Ties the type of a body to the schema it is checked by. */
export function withBody<Name extends ControlBodyName>(
  body: Name,
  route: Omit<ControlRoute, 'answer' | 'body'> & {
    answer: (parts: ControlParts, asked: Asked<ControlBody<Name>>) => ControlAnswer | Promise<ControlAnswer>;
  },
): ControlRoute {
  // The paths check a body by the schema that the route names before they ask for an answer.
  return { ...route, body, answer: (parts, asked) => route.answer(parts, asked as Asked<ControlBody<Name>>) };
}
