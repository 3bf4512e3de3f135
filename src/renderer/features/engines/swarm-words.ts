import { formatBytes } from '../../../shared/byte-size'
import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import type { Problem } from '../../../shared/error-definitions'
import { inWords, isLost, labelTexts, lossSentence, lostNodes } from '../../../shared/swarm-remarks'
import { formatCount } from '../../ui/format'
import type { DotState } from '../../ui/status-dot'
import { type Presentation, presentProblem } from '../../workspace-model/problems/present-problem'

/** ✕ for one that is lost, ○ for one that gets no workspaces. */
export function nodeDot(node: SwarmNodeView): DotState {
  if (isLost(node)) return 'error'
  return node.availability === 'active' && node.engine !== null ? 'running' : 'stopped'
}

/** That of the worst of it. */
export function swarmDot(swarm: SwarmView): DotState {
  return swarm.manager === null || lostNodes(swarm).length + swarm.unmoved.length > 0 ? 'error' : 'running'
}

/** “4 processors, 8 GiB, disk=ssd”; what is not known is left out. */
export function nodeFacts({ cpus, memoryBytes, labels }: SwarmNodeView): string {
  return [
    ...(cpus === null ? [] : [formatCount(cpus, 'processor')]),
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    ...labelTexts(labels),
  ].join(', ')
}

const nothingElse = { next: '', actions: [] }

/** That no manager answers. */
export function presentNoManager({ name }: SwarmView): Presentation {
  return {
    ...nothingElse,
    title: `No manager of ${name} is responding`,
    message: 'Its nodes are shown as they last were, and it places no new workspaces. Existing ones keep running.',
    details: '',
    actions: [{ kind: 'reconnect-engine', label: 'Try again' }],
  }
}

/** That a node is lost, and what cannot be reached because of it. */
export function presentLoss(node: SwarmNodeView): Presentation {
  const { workspaces } = node
  return {
    ...nothingElse,
    title: lossSentence(node).replace(/\.$/, ''),
    message:
      workspaces.length === 0
        ? 'No workspaces are on it.'
        : `${workspaces.length === 1 ? 'A workspace' : formatCount(workspaces.length, 'workspace')} cannot be reached until it is back: ${inWords(workspaces)}.`,
    details: '',
  }
}

/** That a workspace could not leave its drained node, and why. */
export function presentUnmoved({ nodes }: SwarmView, workspace: string, problem: Problem): Presentation {
  const node = nodes.find(({ workspaces }) => workspaces.includes(workspace))
  const presentation = presentProblem(problem)
  const others = presentation.actions.filter(({ kind }) => kind !== 'show-engines')
  return {
    ...presentation,
    title: `${workspace} could not leave ${node === undefined ? 'its drained node' : `the drained node ${node.hostname}`}`,
    actions: [{ kind: 'move-workspace', label: 'Move…', workspace }, ...others],
  }
}
