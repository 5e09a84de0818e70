/** Annotations of the model, for both forms of CSDL. */
import { edms } from './edm.ts';

export interface Revision {
  readonly date: string;
  readonly description: string;
  readonly removalDate: string;
  readonly version: string;
}

interface Annotation {
  readonly target: string;
  readonly term: string;
  /** A record of the `Revisions` collection, or a plain value. */
  readonly value: Revision | string | boolean;
}

export function annotationsOf(): Annotation[] {
  const annotations: Annotation[] = [];
  for (const type of edms['v1.0'].types.values()) {
    if (type.kind === 'enum') continue;
    for (const { name, autoExpand, replacement } of type.own) {
      const target = `${type.name}/${name}`;
      if (autoExpand) annotations.push({ target, term: 'Org.OData.Core.V1.AutoExpand', value: true });
      if (replacement !== undefined) {
        const { by, ...dates } = replacement;
        const description = `Deprecated in favor of ${by}.`;
        annotations.push({ target, term: 'Org.OData.Core.V1.Revisions', value: { ...dates, description } });
      }
    }
  }
  annotations.push({
    target: 'microsoft.graph.cloudCommunications',
    term: 'Org.OData.Core.V1.Description',
    value: 'Cloud communications: call records.',
  });
  return annotations;
}
