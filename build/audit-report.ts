/** Compares the report of `npm audit --json` with the allowed advisories. */
import { z } from 'zod';

/** Each entry has the reason why the advisory does no harm here, and the date until which the assessment is valid. */
export const allowances = z.array(
  z.object({
    id: z.string().regex(/^GHSA(-[0-9a-z]{4}){3}$/),
    reason: z.string().min(20),
    until: z.iso.date(),
  }),
);
type Allowances = z.infer<typeof allowances>;

const advisory = z.object({ url: z.string(), title: z.string(), name: z.string(), severity: z.string() });
const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
});
const failure = z.object({ statusCode: z.number().optional(), message: z.string().optional() });

interface Audited {
  readonly lines: readonly string[];
  /** True for an advisory that is not or no longer allowed; false when nothing could be checked. */
  readonly hasFailed: boolean;
}

export function audited(output: string, allowed: Allowances, now: Date): Audited {
  const json = jsonOf(output);
  const read = report.safeParse(json);
  if (!read.success) return { lines: [`NOT CHECKED (${whyNot(json)})`], hasFailed: false };
  const found = new Map<string, z.infer<typeof advisory>>();
  for (const { via } of Object.values(read.data.vulnerabilities))
    for (const one of via) if (typeof one !== 'string') found.set(one.url.split('/').at(-1)!, one);
  const refused = [...found].filter(([id]) => !isAllowed(id, allowed, now));
  const lines = refused.map(
    ([id, { name, severity, title, url }]) => `${id} ${severity} in ${name}: ${title} ${url}`,
  );
  for (const [id] of found)
    if (isAllowed(id, allowed, now)) lines.push(`${id} is allowed by build/audit-allowed.json`);
  return { lines: lines.length > 0 ? lines : ['no advisories'], hasFailed: refused.length > 0 };
}

function isAllowed(id: string, allowed: Allowances, now: Date): boolean {
  return allowed.some((one) => one.id === id && now < new Date(`${one.until}T24:00:00Z`));
}

function whyNot(json: unknown): string {
  const { statusCode, message } = failure.safeParse(json).data ?? {};
  if (statusCode !== undefined) return `registry answered ${statusCode}`;
  return message ?? 'npm audit gave no report';
}

function jsonOf(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
