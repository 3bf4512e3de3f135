import type { TemplateChange } from '../../../shared/contract/library'
import type { ImageChoice } from '../../../shared/image-choice'
import type { AppliedTemplate } from '../../../shared/library/applied-template'
import { fieldOfPart, forwardOfPart, type TemplateField, type TemplateFile } from '../../../shared/library/template-file'
import { type ConfigurationChange, initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import { type FieldName, WORKSPACE_FIELDS, type WorkspaceField } from '../../../shared/workspace-configuration/fields'
import type { ForwardRecord, WorkspaceRecord } from '../../settings/records'
import { digestsOf, partsToApply } from './drift'

/** What brings a workspace in line with its template as it is now. */
export interface TemplatePlan {
  changes: TemplateChange[]
  /** Of the configuration. */
  update: ConfigurationChange
  /** Another image or distribution; null if it already has the right one. */
  rebuild: { image: string } | { distro: NonNullable<ImageChoice['distro']> } | null
  forwards: { added: ForwardRecord[]; removed: { port: number; container: string | null }[] }
  /** As it is recorded once all of it has been done. */
  applied: AppliedTemplate
}

const TITLES: Partial<Record<TemplateField, string>> = {
  clone: 'Repository',
  alsoClone: 'Further repositories',
  forwards: 'Forwarded ports',
}
const MAX_SHOWN = 80

/** Compares the template with what of it was applied. Nothing is changed. */
export function planTemplate(
  record: Pick<WorkspaceRecord, 'image' | 'distro'>,
  applied: AppliedTemplate,
  template: TemplateFile,
): TemplatePlan {
  const now = digestsOf(template)
  const parts = partsToApply(record, applied, template)
  const fields = [...new Set(parts.map(fieldOfPart))]
  const partsOf = (field: TemplateField) => parts.filter((part) => fieldOfPart(part) === field)
  const update: Record<string, unknown> = {}
  const changes = fields.map((field): TemplateChange => {
    const effect = effectOf(field)
    if (effect === 'live' || effect === 'restart') Object.assign(update, updateOf(field, partsOf(field), template))
    return { field, title: titleOf(field), effect, summary: summaryOf(field, partsOf(field), template) }
  })
  const { image, distro } = template
  return {
    changes,
    update,
    rebuild: fields.includes('image') && image ? { image } : fields.includes('distro') && distro ? { distro } : null,
    forwards: forwardChanges(partsOf('forwards'), template),
    applied: { ...applied, parts: Object.fromEntries([...now].filter(([part]) => !isOwn(applied, part))) },
  }
}

const isOwn = ({ own }: AppliedTemplate, part: string) => own.includes(part) || own.includes(fieldOfPart(part))

const isConfigured = (field: TemplateField): field is TemplateField & FieldName => Object.hasOwn(WORKSPACE_FIELDS, field)

function titleOf(field: TemplateField): string {
  return TITLES[field] ?? (isConfigured(field) ? WORKSPACE_FIELDS[field].title : field)
}

function effectOf(field: TemplateField): TemplateChange['effect'] {
  if (field === 'image' || field === 'distro') return 'rebuild'
  if (field === 'forwards') return 'live'
  return isConfigured(field) ? WORKSPACE_FIELDS[field].set.later : 'never'
}

/** Variables and limits individually: others of the workspace stay. Fields that are no longer in the template return to their defaults. */
function updateOf(field: TemplateField, parts: readonly string[], template: TemplateFile): Record<string, unknown> {
  if (!isConfigured(field)) return {}
  if (field === 'env' || field === 'limits') {
    const values: Record<string, unknown> = template[field] ?? {}
    const names = parts.map((part) => part.slice(field.length + 1))
    return { [field]: Object.fromEntries(names.map((name) => [name, values[name] ?? null])) }
  }
  const value: unknown = template[field as keyof TemplateFile]
  return { [field]: value ?? initialConfiguration[field] }
}

function summaryOf(field: TemplateField, parts: readonly string[], template: TemplateFile): string {
  const given: unknown = template[field]
  if (field === 'env' || field === 'limits') {
    const values: Record<string, unknown> = template[field] ?? {}
    const names = parts.map((part) => part.slice(field.length + 1))
    const set = names.filter((name) => values[name] != null)
    const gone = names.filter((name) => values[name] == null)
    return [...(set.length > 0 ? [`set ${set.join(', ')}`] : []), ...(gone.length > 0 ? [`remove ${gone.join(', ')}`] : [])].join('; ')
  }
  if (field === 'forwards') {
    const { added, removed } = forwardChanges(parts, template)
    const ports = (all: readonly { port: number }[]) => all.map(({ port }) => port).join(', ')
    return [...(added.length > 0 ? [`forward ${ports(added)}`] : []), ...(removed.length > 0 ? [`end ${ports(removed)}`] : [])].join('; ')
  }
  if (given === undefined) return 'no longer in the template'
  if (isConfigured(field) && (WORKSPACE_FIELDS[field] as WorkspaceField).kind === 'script') return 'another script'
  const text = Array.isArray(given) ? (given.length === 0 ? 'none' : given.join(', ')) : String(given)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

function forwardChanges(parts: readonly string[], { forwards = [] }: TemplateFile): TemplatePlan['forwards'] {
  const targets = parts.map(forwardOfPart)
  const found = (target: { port: number; container: string | null }) =>
    forwards.find(({ port, container }) => port === target.port && container === target.container)
  return {
    added: targets.flatMap((target) => {
      const forward = found(target)
      return forward ? [{ ...target, localPort: forward.localPort ?? forward.port }] : []
    }),
    removed: targets.filter((target) => !found(target)),
  }
}
