/** Resolves the segments of a URL against the model: what a path addresses. */
import { Fault } from '../../contract/faults.ts';
import { type BoundFunction, type Edm, type Property, structuredType } from '../../contract/edm.ts';
import { namespaceOf } from '../../contract/names.ts';
import type { Segment } from '../odata/path.ts';

/** One navigation on the way to the target. */
interface Step {
  readonly navigation: string;
  readonly key: string | undefined;
}

export interface Target {
  /** The URL template with `{}` for each key, by which the route is looked up. */
  readonly template: string;
  readonly steps: readonly Step[];
  /** The keys in the path, in order. */
  readonly keys: readonly string[];
  readonly typeName: string;
  readonly isCollection: boolean;
  /** The function that is called on the collection at the path. */
  readonly call: FunctionCall | undefined;
}

export interface FunctionCall {
  readonly function: BoundFunction;
  readonly args: NonNullable<Segment['args']>;
  /** The call as the client wrote it, decoded. */
  readonly text: string;
}

/**
 * Resolves a path below the service root.
 *
 * A key may stand in parentheses or as the segment after a collection, at every level.
 *
 * @throws Fault `unknownSegment` naming the first segment that cannot be resolved.
 */
export function resolveTarget(segments: readonly Segment[], edm: Edm): Target {
  let typeName: string | undefined;
  let isCollection = false;
  let call: FunctionCall | undefined;
  const steps: { navigation: string; key: string | undefined }[] = [];
  const template: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const last = steps.at(-1);
    const isLast = i === segments.length - 1;
    if (isCollection && last !== undefined && (segment.key === undefined || segment.isEncoded)) {
      call = boundCall(segment, typeName!, edm);
      // `$count` and other reserved words are not keys (OData URL Conventions 4.01, section 4.3.6).
      const counts = segment.args === undefined && segment.name === '$count';
      if (call !== undefined || counts) {
        if (!isLast) throw unknownSegment(segments[i + 1]!);
        template.push(call?.function.name ?? '$count');
        typeName = call?.function.returns ?? typeName!;
        isCollection = call !== undefined;
        continue;
      }
      if ((segment.args !== undefined && !segment.isEncoded) || segment.text.startsWith('$'))
        throw unknownSegment(segment);
      last.key = segment.text;
      isCollection = false;
      template.push('{}');
      continue;
    }
    if (last?.key !== undefined && isLast && isActionOf(segment, typeName!, edm)) {
      template.push(actionName(segment));
      continue;
    }
    const step: Property | undefined =
      typeName === undefined ? edm.container.get(segment.name) : navigationOf(edm, typeName, segment.name);
    if (step === undefined || segment.args !== undefined || isCollection) throw unknownSegment(segment);
    if (segment.key !== undefined && !step.collection) throw unknownSegment(segment);
    typeName = step.type;
    isCollection = step.collection && segment.key === undefined;
    steps.push({ navigation: segment.name, key: segment.key });
    template.push(segment.key === undefined ? segment.name : `${segment.name}/{}`);
  }
  if (typeName === undefined) throw new Fault('unknownSegment', 'The path does not address a resource.');
  const keys = steps.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return { template: template.join('/'), steps, keys, typeName, isCollection, call };
}

/** Returns the bound function that a segment calls, by its qualified name or, as in Graph, by its unqualified one. */
function boundCall(segment: Segment, typeName: string, edm: Edm): FunctionCall | undefined {
  if (segment.args === undefined) return undefined;
  const found = edm.functions.find(
    ({ name, boundTo, returns }) =>
      boundTo === typeName && (name === segment.name || `${namespaceOf(returns)}.${name}` === segment.name),
  );
  return found && { function: found, args: segment.args, text: segment.text };
}

/** Returns whether a segment is a bound action, which has no parameters. */
function isActionOf(segment: Segment, typeName: string, edm: Edm): boolean {
  const isCall = segment.key === undefined && (segment.args === undefined || segment.args.length === 0);
  return (
    isCall && edm.actions.some(({ name, boundTo }) => boundTo === typeName && name === actionName(segment))
  );
}

function actionName({ name }: Segment): string {
  return name.replace(/^microsoft\.graph\./, '');
}

function navigationOf(edm: Edm, typeName: string, name: string): Property | undefined {
  const property = structuredType(edm, typeName).properties.get(name);
  return property?.kind === 'navigation' ? property : undefined;
}

function unknownSegment(segment: Segment): Fault {
  return new Fault('unknownSegment', `Resource not found for the segment '${segment.text}'.`, {
    target: segment.text,
  });
}
