import { formatBytes } from '../../../shared/byte-size'
import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import {
  inWords,
  isLost,
  labelTexts,
  lacksSentence,
  lossSentence,
  lostNodes,
  placedWorkspaces,
  reachProblem,
} from '../../../shared/swarm-remarks'
import { marked } from './engine-lines'
import type { Colour, Paint } from './paint'
import { oneLine } from './plain-text'
import { plural } from './quantities'
import { formatTable } from './table'

/** The table of `berth swarm list`, with its heading; below it what needs attention. */
export function swarmTable(swarms: readonly SwarmView[], paint: Paint): string[] {
  const rows = swarms.map((swarm) => [
    swarmSymbol(swarm).symbol,
    marked(swarm.name, swarm.isDefault),
    nodeCount(swarm),
    swarm.manager ?? '-',
    String(placedWorkspaces(swarm).length),
    swarm.rule ?? '-',
  ])
  const table = formatTable(
    [[' ', 'NAME', 'NODES', 'MANAGER', 'WORKSPACES', 'NODES REACHED AT'], ...rows],
    (text, row, column) => {
      const swarm = swarms[row - 1]
      if (swarm === undefined) return paint('dim', text)
      return column === 0 ? paint(swarmSymbol(swarm).colour, text) : text
    },
    { columns: paint.columns, spare: ['WORKSPACES', 'MANAGER'] },
  )
  return [...table, ...swarms.flatMap((swarm) => separated(swarmWarnings(swarm)))]
}

/** The table of `berth swarm nodes`, with its heading; below it what needs attention, and what tasks of the Swarm cannot be given. */
export function nodeTable(swarm: SwarmView, paint: Paint): string[] {
  const rows = swarm.nodes.map((node) => [
    nodeSymbol(node).symbol,
    node.hostname,
    node.state,
    node.availability,
    node.role,
    node.engine ?? (node.problem === null ? 'no address' : 'not reached'),
    node.cpus === null ? '-' : String(node.cpus),
    node.memoryBytes === null ? '-' : formatBytes(node.memoryBytes),
    labelTexts(node.labels).join(' ') || '-',
    node.workspaces.join(' ') || '-',
  ])
  const heading = [' ', 'NODE', 'STATE', 'AVAILABILITY', 'ROLE', 'ENGINE', 'CPUS', 'MEMORY', 'LABELS', 'WORKSPACES']
  const table = formatTable(
    [heading, ...rows],
    (text, row, column) => {
      const node = swarm.nodes[row - 1]
      if (node === undefined) return paint('dim', text)
      if (column === 5 && node.engine === null) return paint('yellow', text)
      return column === 0 || column === 2 ? paint(nodeSymbol(node).colour, text) : text
    },
    { columns: paint.columns, spare: ['ROLE', 'LABELS', 'CPUS', 'MEMORY', 'ENGINE', 'WORKSPACES'] },
  )
  const lacks = lacksSentence(swarm)
  return [
    ...table,
    ...separated(swarmWarnings(swarm)),
    ...swarm.nodes.flatMap((node) => separated(reachLines(swarm, node))),
    ...separated(lacks === null ? [] : [oneLine(lacks)]),
  ]
}

/** Managers that do not answer, nodes that are lost, and workspaces that could not leave a drained one. */
export function swarmWarnings(swarm: SwarmView): string[] {
  return [
    ...(swarm.manager === null
      ? [`No manager of ${swarm.name} answers. Its nodes are shown as they last were, and it places no new workspaces.`]
      : []),
    ...lostNodes(swarm).map((node) => `${swarm.name}: ${lossSentence(node)} ${affected(node)}`),
    ...swarm.unmoved.flatMap(({ workspace, problem }) => [
      `${swarm.name}: ${workspace} could not leave ${drainedNode(swarm, workspace)}: ${problem.message}`,
      `  ${problem.next} “berth move ${workspace} --engine ${swarm.name}” tries again.`,
    ]),
  ].map((line) => (line.startsWith('  ') ? `  ${oneLine(line)}` : oneLine(line)))
}

/** “3 nodes, 1 lost” */
export function swarmSummary(swarm: SwarmView): string {
  const lost = lostNodes(swarm).length
  return `${plural(swarm.nodes.length, 'node')}${lost === 0 ? '' : `, ${lost} lost`}${swarm.manager === null ? ', no manager answers' : ''}`
}

/** Why a node’s engine is not reached, and how to give it an address. */
export function reachLines({ name }: SwarmView, node: SwarmNodeView): string[] {
  const problem = reachProblem(node)
  if (problem === null) return []
  const command = `“berth swarm set ${name} --node ${node.hostname}=ADDRESS” says where its engine is.`
  return [oneLine(`${node.hostname}: ${problem.message}`), `  ${oneLine(`${problem.next ?? ''} ${command}`)}`]
}

function nodeCount(swarm: SwarmView): string {
  const lost = lostNodes(swarm).length
  return lost === 0 ? String(swarm.nodes.length) : `${swarm.nodes.length}, ${lost} lost`
}

function affected({ workspaces }: SwarmNodeView): string {
  return workspaces.length === 0 ? 'No workspaces are on it.' : `Its workspaces cannot be reached until it is back: ${inWords(workspaces)}.`
}

function drainedNode({ nodes }: SwarmView, workspace: string): string {
  const node = nodes.find(({ workspaces }) => workspaces.includes(workspace))
  return node === undefined ? 'its drained node' : `${node.hostname}, which is drained`
}

/** The same shapes as for workspaces and engines. */
function swarmSymbol(swarm: SwarmView): { symbol: string; colour: Colour } {
  if (swarm.manager === null) return { symbol: '✕', colour: 'red' }
  return lostNodes(swarm).length + swarm.unmoved.length > 0 ? { symbol: '◐', colour: 'yellow' } : { symbol: '●', colour: 'green' }
}

function nodeSymbol(node: SwarmNodeView): { symbol: string; colour: Colour } {
  if (isLost(node)) return { symbol: '✕', colour: 'red' }
  return node.availability === 'active' ? { symbol: '●', colour: 'green' } : { symbol: '○', colour: 'yellow' }
}

/** With an empty line before. */
function separated(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}
