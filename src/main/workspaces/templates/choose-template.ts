import { BerthError } from '../../../shared/errors'
import type { AppliedTemplate } from '../../../shared/library/applied-template'
import { fieldOfPart, TEMPLATE_FIELDS, type TemplateFile, templateParts } from '../../../shared/library/template-file'
import { libraryTemplate, libraryTemplateId } from '../../../shared/library/template-reference'
import { nearestName } from '../../../shared/nearest-name'
import type { CreationConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { Library } from '../../library/library'
import type { ForwardRecord, Records, WorkspaceRecord } from '../../settings/records'
import { digestsOf } from './drift'

/** A template of the library. */
export interface FileTemplate {
  kind: 'file'
  id: string
  template: TemplateFile
}

/** What a new workspace is made from: a workspace that is cloned, or a file. */
type ChosenTemplate = FileTemplate | { kind: 'workspace'; record: WorkspaceRecord }

interface TemplateServices {
  records: Records
  library: Library
}

/**
 * The template that is meant. Throws TEMPLATE_AMBIGUOUS where a workspace and a file have the name, LIBRARY_ENTRY_NOT_FOUND, LIBRARY_ENTRY_INVALID, and
 * INPUT_INVALID for a workspace that is no template.
 */
export async function chooseTemplate({ records, library }: TemplateServices, reference: string): Promise<ChosenTemplate> {
  const byId = records.get(reference)
  if (byId?.template) return { kind: 'workspace', record: byId }
  const id = libraryTemplateId(reference) ?? reference
  const record = id === reference ? records.findByName(reference) : null
  const known = (await library.index()).entries.filter(({ kind }) => kind === 'template').map((entry) => entry.id)
  if (record?.template) {
    if (known.includes(id)) throw ambiguous(record)
    return { kind: 'workspace', record }
  }
  const template = known.includes(id) ? await library.findTemplate(id) : null
  if (template !== null) return { kind: 'file', id, template }
  const other = record ?? byId
  throw other === null ? templateNotFound(id, [...known, ...templateNames(records)]) : notATemplate(other.name)
}

const templateNames = (records: Records) =>
  records
    .list()
    .filter(({ template }) => template)
    .map(({ name }) => name)

type CreationOptions = CreationConfiguration & {
  name: string
  clone?: string | undefined
  alsoClone?: string[] | undefined
  template?: string | undefined
}

interface Creation {
  options: CreationOptions
  libraryTemplate: AppliedTemplate | null
  forwards: ForwardRecord[]
}

/** Without a template. */
export const plainCreation = (options: CreationOptions): Creation => ({ options, libraryTemplate: null, forwards: [] })

/** Another image, or another repository, stands for all that the template says about it. */
function replacedBy(given: CreationOptions): Set<string> {
  return new Set([
    ...(given.image !== undefined || given.distro !== undefined ? ['image', 'distro'] : []),
    ...(given.clone !== undefined ? ['clone', 'alsoClone', 'branch', 'depth', 'withChanges', 'folder'] : []),
  ])
}

/** The fields of a library template, overridden by the given ones: variables and limits individually, everything else as a whole. */
export function creationFrom({ id, template }: FileTemplate, given: CreationOptions): Creation {
  const { name: _name, description: _description, forwards = [], ...values } = template
  const { template: _template, ...chosen } = given
  const replaced = replacedBy(chosen)
  const kept = Object.fromEntries(Object.entries(values).filter(([field]) => !replaced.has(field))) as Partial<TemplateFile>
  const defined = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)) as CreationOptions
  const options: CreationOptions = {
    ...kept,
    ...defined,
    ...(kept.env || defined.env ? { env: { ...kept.env, ...defined.env } } : {}),
    ...(kept.limits || defined.limits ? { limits: { ...kept.limits, ...defined.limits } } : {}),
  }
  const own = [...templateParts(defined as TemplateFile).keys()]
  const ownFields = new Set<string>([...own.filter((part) => part === fieldOfPart(part)), ...replaced])
  const isOwn = (part: string) => own.includes(part) || ownFields.has(fieldOfPart(part))
  return {
    options,
    forwards: forwards.map(({ port, localPort = port, container }) => ({ port, localPort, container })),
    libraryTemplate: {
      id,
      parts: Object.fromEntries([...digestsOf(template)].filter(([part]) => !isOwn(part))),
      own: [...new Set([...own, ...replaced])].filter((part) => TEMPLATE_FIELDS.includes(fieldOfPart(part))),
    },
  }
}

/**
 * Newly named entries must exist; those chosen before that have disappeared are reported at each sync. Throws errors of `assertEntries`.
 */
export async function assertInLibrary(
  library: Pick<Library, 'assertEntries'>,
  given: Pick<CreationConfiguration, 'skills' | 'tools'>,
  before: Pick<WorkspaceRecord, 'skills' | 'tools'> = { skills: [], tools: [] },
): Promise<void> {
  const added = (names: readonly string[] = [], known: readonly string[]) => names.filter((name) => !known.includes(name))
  await library.assertEntries('skill', added(given.skills, before.skills))
  await library.assertEntries('tool', added(given.tools, before.tools))
}

function notATemplate(workspace: string): BerthError {
  return new BerthError('INPUT_INVALID', `${workspace} is not a template.`, {
    issues: [{ path: 'template', message: `${workspace} is not a template.` }],
    next: `Make it one first, or clone it.`,
  })
}

function ambiguous({ id, name }: WorkspaceRecord): BerthError {
  return new BerthError('TEMPLATE_AMBIGUOUS', `There are two templates named “${name}”: a workspace and a file of the library.`, {
    ...{ template: name, workspaceId: id },
    next: `Use “${libraryTemplate(name)}” for the file, or the id ${id} for the workspace.`,
  })
}

function templateNotFound(template: string, known: readonly string[]): BerthError {
  const nearest = nearestName(template, known)
  const meant = nearest === null ? '' : ` Did you mean “${nearest}”?`
  return new BerthError(
    'LIBRARY_ENTRY_NOT_FOUND',
    `There is no template “${template}”, neither as a workspace nor in the library.${meant}`,
    {
      ...{ kind: 'template', entry: template, nearest },
      next: '“berth template list” lists workspaces that are templates, “berth library list” lists those of the library.',
    },
  )
}
