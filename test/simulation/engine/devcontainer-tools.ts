import type { World } from '../world/world'
import type { EngineState } from './engine-state'
import type { Program, ProgramProcess } from './programs'
import type { SimulatedContainer } from './simulated-container'

/** What the nested engine calls the dev container: there is one at most. */
const NESTED_ID = 'de0c0de0c0de0c0de0c0de0c0de0c0de0c0de0c0de0c0de0c0de0c0de0c0de00'
const CONFIG = '/home/workspace/repo/.devcontainer/devcontainer.json'

/** The run of each container in which its dev container came up last. */
const upIn = new WeakMap<SimulatedContainer, Date | null>()

/** Whether the dev container of that workspace runs. */
export function hasDevcontainer(container: SimulatedContainer): boolean {
  return upIn.has(container) && upIn.get(container) === container.startedAt
}

/** The dev container CLI, and what Berth asks around it; null for any other command. `hasConfig` tells whether the repository has a configuration. */
export function devcontainerTools(world: World, state: EngineState, container: SimulatedContainer, hasConfig: () => boolean) {
  const answer = (process: ProgramProcess, milliseconds: number, said: () => { text?: string; code: number }): Program => {
    process.after(milliseconds, () => {
      const { text = '', code } = said()
      if (text !== '') process.write('stdout', text)
      process.exit(code)
    })
    return {}
  }

  function up(): { text: string; code: number } {
    if (state.isFull || world.random.chance(0.2)) return { text: '{"outcome":"error","message":"no"}\n', code: 1 }
    upIn.set(container, container.startedAt)
    const forwardPorts = world.random.chance(0.4) ? [3000] : []
    const result = { outcome: 'success', containerId: NESTED_ID, remoteUser: 'dev', remoteWorkspaceFolder: '/workspaces/repo' }
    return { text: `${JSON.stringify({ ...result, mergedConfiguration: { forwardPorts } })}\n`, code: 0 }
  }

  function docker(action: string | undefined): { text?: string; code: number } {
    if (action === 'inspect') return hasDevcontainer(container) ? { text: 'true /dev\n', code: 0 } : { code: 1 }
    if (action === 'stop') upIn.delete(container)
    return { code: 0 }
  }

  return (process: ProgramProcess, command: readonly string[]): Program | null => {
    const [program, action, script = ''] = command
    const soon = () => world.random.next() * 30
    if (program === 'docker') return answer(process, soon(), () => docker(action))
    if (program === 'node') {
      const isUp = command.includes('up')
      return answer(process, isUp ? 500 + world.random.next() * 4000 : soon(), () => (isUp ? up() : { text: 'LANG=C\0', code: 0 }))
    }
    if (program !== 'sh') return null
    if (script.includes('/.devcontainer.json'))
      return answer(process, soon(), () => ({ text: hasConfig() ? `${CONFIG}\0\0{}` : '\0', code: 0 }))
    if (script.includes('sha256sum')) return answer(process, soon(), () => ({ text: 'the same always\n', code: 0 }))
    if (script.includes('node --version')) {
      const hasCli = [...container.files.keys()].some((path) => path.includes('devcontainer-cli'))
      return answer(process, soon(), () => ({ text: `v24.0.0\n${hasCli ? 'yes' : 'no'}\n`, code: 0 }))
    }
    return null
  }
}
