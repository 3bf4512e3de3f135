import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import { inWords, isLost, lossSentence } from '../../../shared/swarm-remarks'
import { go, routes } from '../../routes'
import { showNotice } from '../../ui/notice'

export interface NodeChange {
  swarm: SwarmView
  node: SwarmNodeView
  kind: 'lost' | 'back'
}

/** Nodes that were there and are lost now, or the other way. One that is new, or is lost in another way than before, is no news. */
export function nodeChanges(before: readonly SwarmView[], after: readonly SwarmView[]): NodeChange[] {
  return after.flatMap((swarm) => {
    const known = before.find(({ id }) => id === swarm.id)?.nodes ?? []
    return swarm.nodes.flatMap((node): NodeChange[] => {
      const was = known.find(({ id }) => id === node.id)
      if (was === undefined || isLost(was) === isLost(node)) return []
      return [{ swarm, node, kind: isLost(node) ? 'lost' : 'back' }]
    })
  })
}

/** To be called with the Swarms before and after a change. That a node is back takes the place of the notice that it was lost. */
export function noticeNodes(before: readonly SwarmView[], after: readonly SwarmView[]): void {
  for (const { swarm, node, kind } of nodeChanges(before, after)) {
    const affected = node.workspaces.length > 0
    showNotice({
      id: `node ${swarm.id} ${node.id}`,
      actions: [{ label: 'Show', run: () => go(routes.engine(swarm.name)) }],
      ...(kind === 'lost'
        ? {
            tone: 'bad',
            title: `${swarm.name} has lost the node ${node.hostname}`,
            message: `${lossSentence(node)} ${affected ? `Its workspaces cannot be reached until it is back: ${inWords(node.workspaces)}.` : 'No workspaces are on it.'}`,
          }
        : {
            tone: 'good',
            title: `The node ${node.hostname} of ${swarm.name} is back`,
            ...(affected ? { message: `With its workspaces: ${inWords(node.workspaces)}.` } : {}),
          }),
    })
  }
}
