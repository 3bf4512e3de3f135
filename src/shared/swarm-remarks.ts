import type { SwarmNodeView, SwarmView } from './contract/swarms'

/** Nodes that do not answer their managers: what lives there cannot be reached. */
export function lostNodes({ nodes }: Pick<SwarmView, 'nodes'>): SwarmNodeView[] {
  return nodes.filter(isLost)
}

export function isLost({ state }: Pick<SwarmNodeView, 'state'>): boolean {
  return state !== 'ready'
}

/** “The node worker-2 is down.” Nothing for one that is ready. */
export function lossSentence({ hostname, state }: SwarmNodeView): string {
  switch (state) {
    case 'ready':
      return ''
    case 'down':
      return `The node ${hostname} is down.`
    case 'disconnected':
      return `The node ${hostname} has lost its connection to the Swarm.`
    case 'unknown':
      return `The state of the node ${hostname} is unknown.`
    default:
      return state satisfies never
  }
}

/** Why a node’s engine gets no workspaces, or is not reached now. Null for one that is. */
export function reachProblem({ engine, problem }: SwarmNodeView): { message: string; next: string | null } | null {
  if (problem !== null) return { message: problem.message, next: problem.next }
  return engine === null ? { message: 'Berth has no address for its engine, so it gets no workspaces.', next: null } : null
}

/** “disk=ssd, zone”: a label without a value goes by its name alone. */
export function labelTexts(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => (value === '' ? name : `${name}=${value}`))
}

/** How many workspaces live on its nodes. */
export function placedWorkspaces({ nodes }: Pick<SwarmView, 'nodes'>): string[] {
  return nodes.flatMap(({ workspaces }) => workspaces)
}

/** What its tasks cannot be given and what Berth does instead, in a sentence. Null where they can be given all. */
export function lacksSentence({ lacks }: Pick<SwarmView, 'lacks'>): string | null {
  if (lacks.length === 0) return null
  return `Workspaces need ${inWords(lacks)}, which tasks of this Swarm do not support. Therefore a service reserves the resources on a node, and the node’s engine runs the container.`
}

/** “a, b and c” */
export function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
