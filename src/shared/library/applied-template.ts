import { z } from 'zod'
import { fieldOfPart, type TemplateFile, templateParts } from './template-file'

/** What a workspace has from its library template. */
export const appliedTemplateSchema = z.object({
  id: z.string(),
  /** A digest of each part (`templateParts`) as it was applied. */
  parts: z.record(z.string(), z.string()),
  /** Parts that were chosen for the workspace over those of the template: these are its own. */
  own: z.array(z.string()),
})
export type AppliedTemplate = z.infer<typeof appliedTemplateSchema>

/** Tells one value from another; `digest` is of a text. */
export function partDigests(template: TemplateFile, digest: (text: string) => string): Map<string, string> {
  return new Map([...templateParts(template)].map(([part, value]) => [part, digest(JSON.stringify(value))]))
}

/** The parts of the template that are others than those that were applied: changed, new, or gone. In the order of the template’s fields. */
export function driftedParts(applied: AppliedTemplate, now: ReadonlyMap<string, string>): string[] {
  const own = new Set(applied.own)
  const all = new Set([...now.keys(), ...Object.keys(applied.parts)])
  return [...all].filter((part) => !isOwn(own, part) && now.get(part) !== applied.parts[part])
}

/** A variable alone, or a field as a whole. */
const isOwn = (own: ReadonlySet<string>, part: string) => own.has(part) || own.has(fieldOfPart(part))
