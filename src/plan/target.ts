/** What a path addresses: the segments of a URL resolved against the EDM table. */
import { Fault } from '../faults.ts';
import { type Edm, type Property, structuredType } from '../model/edm.ts';
import type { Segment } from '../odata/path.ts';

/** One navigation on the way to the target. */
export interface Step {
  readonly navigation: string;
  readonly key: string | undefined;
}

export interface Target {
  /** The URL template with `{}` for each key: what the route table is looked up by. */
  readonly template: string;
  readonly steps: readonly Step[];
  /** Qualified name of the entity type addressed. */
  readonly typeName: string;
  readonly isCollection: boolean;
}

/**
 * Resolves a path below the service root.
 *
 * A key may stand in parentheses or as the segment after a collection, at every level.
 *
 * @throws Fault `unknownSegment` naming the first segment that means nothing where it stands.
 */
export function resolveTarget(segments: readonly Segment[], edm: Edm): Target {
  let typeName: string | undefined;
  let isCollection = false;
  const steps: { navigation: string; key: string | undefined }[] = [];
  const template: string[] = [];
  for (const segment of segments) {
    const last = steps.at(-1);
    if (isCollection && last !== undefined && segment.args === undefined && segment.key === undefined) {
      // `$count` and its like are not keys (OData URL Conventions 4.01, section 4.3.6).
      if (segment.name.startsWith('$')) throw unknownSegment(segment);
      last.key = segment.name;
      isCollection = false;
      template.push('{}');
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
  if (typeName === undefined) throw new Fault('unknownSegment', 'The path addresses nothing.');
  return { template: template.join('/'), steps, typeName, isCollection };
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
