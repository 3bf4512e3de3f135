import type { TemplateChanges } from '../../../shared/contract/library'
import { BerthError } from '../../../shared/errors'
import { ENTRY_FOLDERS } from '../../../shared/library/entry-kinds'
import type { PortForwards } from '../../ports/port-forwards'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'
import type { StartedOperation } from '../base/started-operation'
import { assertInLibrary } from './choose-template'
import { templateOf } from './saved-template'
import { planTemplate, type TemplatePlan } from './template-changes'

/** What can be done with templates of the library and the workspaces that were made from them. */
export interface FileTemplates {
  /** Writes the configuration of a workspace as a template. Throws FILE_EXISTS, and what `writeFile` throws. */
  save(
    reference: string,
    options: { id: string; description?: string | undefined; overwrite: boolean },
  ): Promise<{ file: string; leftOut: string[] }>
  /** Throws TEMPLATE_UNKNOWN, LIBRARY_ENTRY_INVALID. */
  changes(reference: string): Promise<TemplateChanges>
  /** Brings the workspace in line; begins a rebuild if it needs another image. Throws as `changes`, and as `update` and `rebuild` do. */
  apply(reference: string): Promise<TemplateChanges & { started: StartedOperation | null }>
}

interface FileTemplatesOptions {
  services: Pick<WorkspaceServices, 'registry' | 'records' | 'library'>
  update(workspaceId: string, change: TemplatePlan['update']): Promise<unknown>
  rebuild(workspaceId: string, target: NonNullable<TemplatePlan['rebuild']>): Promise<StartedOperation>
  forwards: Pick<PortForwards, 'add' | 'remove' | 'list'>
}

export function createFileTemplates({ services, update, rebuild, forwards }: FileTemplatesOptions): FileTemplates {
  const { registry, records, library } = services

  async function plan(record: WorkspaceRecord): Promise<TemplatePlan & { template: string }> {
    const { libraryTemplate } = record
    if (libraryTemplate === undefined) throw templateUnknown(record, null)
    const template = await library.findTemplate(libraryTemplate.id)
    if (template === null) throw templateUnknown(record, libraryTemplate.id)
    return { template: libraryTemplate.id, ...planTemplate(record, libraryTemplate, template) }
  }

  return {
    async save(reference, { id, description, overwrite }) {
      const record = registry.find(reference)
      const { template, leftOut } = templateOf(record, records.forwards.list(record.id), { name: id, description })
      const file = `${ENTRY_FOLDERS.template}/${id}.json`
      const isThere = (await library.index()).entries.some(({ kind, id: known }) => kind === 'template' && known === id)
      if (isThere && !overwrite) throw fileExists(id, file)
      const digest = isThere ? (await library.readFile(file)).digest : null
      await library.writeFile({ path: file, text: `${JSON.stringify(template, null, 2)}\n`, digest })
      return { file, leftOut }
    },
    async changes(reference) {
      const { template, changes } = await plan(registry.find(reference))
      return { template, changes }
    },
    async apply(reference) {
      const record = registry.find(reference)
      const planned = await plan(record)
      await assertInLibrary(library, planned.update, record)
      if (Object.keys(planned.update).length > 0) await update(record.id, planned.update)
      await changeForwards(record.id, planned.forwards)
      const started = planned.rebuild === null ? null : await rebuild(record.id, planned.rebuild)
      await records.patch(record.id, { libraryTemplate: planned.applied })
      registry.publish(record.id)
      return { template: planned.template, changes: planned.changes, started }
    },
  }

  async function changeForwards(workspaceId: string, { added, removed }: TemplatePlan['forwards']): Promise<void> {
    for (const forward of added) await forwards.add(workspaceId, forward)
    const kept = forwards.list(workspaceId).forwards
    for (const { port, container } of removed) {
      // It may have been ended by hand.
      if (kept.some((forward) => forward.port === port && forward.container === container))
        await forwards.remove(workspaceId, { port, container })
    }
  }
}

function fileExists(id: string, file: string): BerthError {
  return new BerthError('FILE_EXISTS', `The library already has a template “${id}”.`, {
    file,
    next: 'Choose another name, or overwrite it (--overwrite). A committed version stays in the history.',
  })
}

function templateUnknown({ name }: WorkspaceRecord, template: string | null): BerthError {
  const message =
    template === null
      ? `${name} was not created from a template of the library.`
      : `The template “${template}” of ${name} is no longer in the library.`
  return new BerthError('TEMPLATE_UNKNOWN', message, {
    ...{ workspace: name, template },
    next:
      template === null
        ? 'Change the workspace with “berth configure” instead.'
        : 'Restore the file. “berth library log” shows its history.',
  })
}
