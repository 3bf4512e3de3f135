import { parseDocument } from 'yaml'
import { z } from 'zod'

/** What Berth reads of the head of SKILL.md. Agents read more. */
const headSchema = z.object({ name: z.string().max(1024).optional(), description: z.string().max(8192).optional() })

/** What a skill says about itself. */
interface SkillHead {
  name: string | null
  description: string | null
  problems: { message: string; line: number }[]
}

const FENCE = '---'

/** Reads the head of a SKILL.md: YAML between two lines of three dashes. Never throws. */
export function readSkillHead(text: string, folder: string): SkillHead {
  const lines = text.split(/\r?\n/)
  const nothing = { name: null, description: null }
  if (lines[0]?.trimEnd() !== FENCE) return { ...nothing, problems: [{ message: MISSING_HEAD, line: 1 }] }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === FENCE)
  if (end === -1) return { ...nothing, problems: [{ message: `Its front matter does not end with a line of ${FENCE}.`, line: 1 }] }
  const document = parseDocument(lines.slice(1, end).join('\n'), { prettyErrors: true, logLevel: 'silent' })
  const [broken] = document.errors
  if (broken) {
    const [at] = broken.linePos ?? []
    return {
      ...nothing,
      problems: [
        { message: `Its front matter is not valid YAML: ${broken.code.toLowerCase().replaceAll('_', ' ')}.`, line: (at?.line ?? 0) + 1 },
      ],
    }
  }
  const parsed = headSchema.safeParse(plainValue(document))
  if (!parsed.success)
    return { ...nothing, problems: [{ message: 'The name and the description in its front matter must be texts.', line: 1 }] }
  const { name = null, description = null } = parsed.data
  const problems = []
  if (!description?.trim())
    problems.push({ message: 'Its front matter has no description. Agents need it to decide when to use the skill.', line: 1 })
  if (name !== null && name !== folder)
    problems.push({
      message: `Its front matter has the name “${name}”, but its folder is “${folder}”. Agents need the same name.`,
      line: 1,
    })
  return { name, description, problems }
}

const MISSING_HEAD = 'It has no front matter. Agents need the name and the description as YAML between two lines of ---.'

/** An alias can stand for any amount of text; a head needs none. */
function plainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    // What `yaml` throws for too many aliases.
    if (error instanceof ReferenceError) return null
    throw error
  }
}
