import { describe, expect, it } from 'vitest';
import { edms } from '../../contract/edm.ts';
import { methodsOf, resourceAt, resourceTemplates } from '../../contract/resources.ts';
import { parsePath } from '../../query/odata/path.ts';
import { resolveTarget } from '../../query/plan/target.ts';
import { handlerOf, writerOf } from './index.ts';

/** A path of the template, functions called. */
const pathOf = (template: string) =>
  template.replaceAll('{}', 'key').replace(/get\w+$/, (name) => `${name}(fromDateTime=2026-01-01)`);
const targetOf = (template: string) => resolveTarget(parsePath(pathOf(template)), edms.beta);
const counts = resourceTemplates()
  .filter((template) => targetOf(template).isCollection && targetOf(template).call === undefined)
  .map((template) => `${template}/$count`)
  .filter((template) => resourceAt(template) !== undefined);

describe('every resource of the model', () => {
  it.each([...resourceTemplates(), ...counts])('%s has what answers each of its methods', (template) => {
    const target = targetOf(template);
    const resource = resourceAt(target.template)!;
    for (const method of methodsOf(resource)) {
      const answered = method === 'GET' || method === 'HEAD' ? handlerOf(target) : writerOf(target, method);
      expect(answered).toBeDefined();
    }
  });
});
