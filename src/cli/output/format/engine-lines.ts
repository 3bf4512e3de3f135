import { formatBytes } from '../../../shared/byte-size'
import type { EngineState, EngineView } from '../../../shared/contract/engines'
import { ENGINE_PRODUCTS } from '../../../shared/engine-products'
import type { Colour, Paint } from './paint'
import { oneLine } from './plain-text'
import { formatTimeLeft, plural } from './quantities'
import { formatTable } from './table'

export type ConnectedEngine = Extract<EngineState, { status: 'connected' }>

/** “Docker 28.2.2” */
export function engineProduct({ product, version }: ConnectedEngine): string {
  return oneLine(`${ENGINE_PRODUCTS[product]} ${version}`)
}

/** “Debian GNU/Linux 12 (bookworm), x86_64” */
export function engineSystem({ operatingSystem, architecture }: ConnectedEngine): string {
  return oneLine(`${operatingSystem}, ${architecture}`)
}

/** Why it does not answer, a line for each address that was tried. Empty for one that does, or that is still being asked. */
export function engineReasons(state: EngineState): string[] {
  if (state.status !== 'unreachable') return []
  return state.tried.map(({ endpoint, reason }) => oneLine(`${endpoint}: ${reason}`))
}

/** The same shapes as for workspaces. */
export function engineSymbol(status: EngineState['status']): { symbol: string; colour: Colour } {
  switch (status) {
    case 'connected':
      return { symbol: '●', colour: 'green' }
    case 'connecting':
      return { symbol: '◐', colour: 'yellow' }
    case 'unreachable':
      return { symbol: '✕', colour: 'red' }
    default:
      return status satisfies never
  }
}

/** The table of `berth engine list`, with its heading; below it why some do not answer. `counts` has the workspaces by the engine’s name. */
export function engineTable(engines: readonly EngineView[], counts: ReadonlyMap<string, number>, now: number, paint: Paint): string[] {
  const rows = engines.map(({ name, address, isDefault, state }) => [
    engineSymbol(state.status).symbol,
    marked(name, isDefault),
    state.status === 'connected' ? engineProduct(state) : '-',
    state.status,
    String(counts.get(name) ?? 0),
    address ?? endpointOf(state) ?? '-',
  ])
  const table = formatTable(
    [[' ', 'NAME', 'ENGINE', 'STATUS', 'WORKSPACES', 'ADDRESS'], ...rows],
    (text, row, column) => {
      const engine = engines[row - 1]
      if (engine === undefined) return paint('dim', text)
      return column === 0 || column === 3 ? paint(engineSymbol(engine.state.status).colour, text) : text
    },
    { columns: paint.columns, spare: ['WORKSPACES', 'ENGINE'] },
  )
  return [...table, ...engines.flatMap((engine) => absenceLines(engine, now))]
}

function absenceLines({ name, state }: EngineView, now: number): string[] {
  if (state.status !== 'unreachable') return []
  const wait = state.retryAt === null ? null : Date.parse(state.retryAt) - now
  const retry = wait === null ? '' : ` Berth tries again ${wait <= 0 ? 'now' : `in ${formatTimeLeft(wait)}`}.`
  return ['', `${name} does not answer.${retry}`, ...engineReasons(state).map((reason) => `  ${reason}`)]
}

/**
 * The engines in `berth info`: what each is and where. One alone goes without its name, since there is nothing to tell it from.
 */
export function engineSummary(engines: readonly EngineView[]): string[] {
  const isOnly = engines.length === 1
  return formatTable(
    engines.flatMap(({ name, isDefault, state }) => {
      const label = isOnly ? [] : [marked(name, isDefault)]
      const blank = isOnly ? [] : ['']
      return [[...label, stateText(state)], ...engineReasons(state).map((reason) => [...blank, reason])]
    }),
  )
}

function stateText(state: EngineState): string {
  switch (state.status) {
    case 'connected':
      return oneLine(
        `${engineProduct(state)} on ${engineSystem(state)}, ${plural(state.cpus, 'processor')}, ${formatBytes(state.memoryBytes)}, at ${state.endpoint}`,
      )
    case 'connecting':
      return oneLine(`connecting${state.endpoint === null ? '' : ` to ${state.endpoint}`}`)
    case 'unreachable':
      return 'does not answer'
    default:
      return state satisfies never
  }
}

/** As Docker marks its current context. */
export function marked(name: string, isDefault: boolean): string {
  return isDefault ? `${name} *` : name
}

function endpointOf(state: EngineState): string | null {
  return state.status === 'unreachable' ? null : state.endpoint
}
