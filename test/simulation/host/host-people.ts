import type { Core } from '../../../src/main/core'
import type { Workspace } from '../../../src/shared/workspace'
import { type Act, choose, type Scene } from '../actors/scene'
import type { HostKind, Step } from '../steps'
import { HOST_NAMES } from './host-names'

/** What somebody does with host workspaces. */
export function actOnHost({ files, hosts }: Scene, core: Core, step: Step & { do: HostKind }): Act {
  const { by, aim } = step
  const all = core.workspaces.list()
  const own = (fits: (workspace: Workspace) => boolean) =>
    choose(
      all.filter((one) => one.kind === 'host' && fits(one) && (aim === 'any' || one.operationId === null)),
      by[0],
    )
  const newName = choose(aim === 'any' ? HOST_NAMES : HOST_NAMES.filter((name) => !all.some((one) => one.name === name)), by[1])
  const isRunning = ({ status }: Workspace) => status === 'running'
  const on = (fits: (workspace: Workspace) => boolean, work: (workspace: Workspace) => Promise<unknown>): Act => {
    const found = own(fits)
    return found && { what: found.name, work: work(found) }
  }
  switch (step.do) {
    case 'host-create':
      if (newName === null) return null
      return {
        what: newName,
        work: core.workspaces.create({ name: newName, host: { confirmed: true }, ...(by[2] < 0.4 ? { initScript: 'make' } : {}) }),
      }
    case 'host-clone': {
      const found = own(() => true)
      if (found === null || newName === null) return null
      const begun = core.workspaces.clone(found.name, { name: newName, stop: false, start: by[2] < 0.7 })
      return { what: `${found.name} to ${newName}`, work: begun.then(({ operation }) => hosts.copies(operation.id, found.id)) }
    }
    case 'host-start':
      return on(
        ({ status }) => status !== 'running',
        ({ name }) => core.workspaces.start({ name }),
      )
    case 'host-stop':
      return on(isRunning, ({ name }) => core.workspaces.stop(name))
    case 'host-restart':
      return on(isRunning, ({ name }) => core.workspaces.restart(name))
    case 'host-rename':
      return newName === null
        ? null
        : on(
            () => true,
            ({ name }) => core.workspaces.rename(name, newName),
          )
    case 'host-delete':
      return on(
        () => true,
        async ({ id, name }) => {
          const removeFolder = by[2] < 0.7
          const takeBack = hosts.asksToRemove(id, removeFolder)
          try {
            await core.workspaces.delete(name, { removeFolder })
          } catch (error) {
            takeBack()
            throw error
          }
        },
      )
    case 'host-work':
      return on(isRunning, async ({ id, host }) => {
        if (!host || files.folderNumber(host.folder) === null) return
        const content = `${Math.floor(by[2] * 1e9)}`
        files.replaceNow(`${host.folder}/${by[3] < 0.5 ? 'work' : 'more'}`, content)
        hosts.wrote(id)
      })
    default:
      return step.do satisfies never
  }
}
