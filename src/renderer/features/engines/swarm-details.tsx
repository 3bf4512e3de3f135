import { Check, Pencil, Server, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { SwarmNodeView, SwarmView } from '../../../shared/contract/swarms'
import { isLost, lacksSentence, lostNodes, placedWorkspaces, reachProblem } from '../../../shared/swarm-remarks'
import { client } from '../../client'
import { routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { Button } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { CopyableValue, Detail, Details } from '../../ui/details'
import { ForeignText } from '../../ui/foreign-text'
import { formatCount } from '../../ui/format'
import { StatusDot } from '../../ui/status-dot'
import { Truncated } from '../../ui/truncated'
import { describeSwarm } from '../../workspace-model/engine/placement'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { DetailsHeader } from './details-header'
import { RemoveDialog } from './remove-dialog'
import { nodeDot, nodeFacts, presentLoss, presentNoManager, presentUnmoved, swarmDot } from './swarm-words'

/** One Swarm: what needs attention, what can be done with it, its nodes, and how they are reached. */
export function SwarmDetails({ swarm }: { swarm: SwarmView }) {
  const { name, isDefault, manager, nodes, unmoved } = swarm
  const lacks = lacksSentence(swarm)
  return (
    <div className="flex w-full max-w-220 flex-col gap-4 p-5">
      <DetailsHeader name={name} dot={swarmDot(swarm)} isDefault={isDefault}>
        Swarm, {describeSwarm(swarm)}
      </DetailsHeader>
      {manager === null && <ProblemPanel presentation={presentNoManager(swarm)} tone="warning" />}
      {lostNodes(swarm).map((node) => (
        <ProblemPanel key={node.id} presentation={presentLoss(node)} tone={node.workspaces.length > 0 ? 'error' : 'warning'} />
      ))}
      {unmoved.map(({ workspace, problem }) => (
        <ProblemPanel key={workspace} presentation={presentUnmoved(swarm, workspace, problem)} tone="warning" />
      ))}
      <SwarmActions swarm={swarm} />
      <section aria-label="Nodes">
        <h3 className="border-line border-b pb-1 font-semibold">{nodes.length === 0 ? 'Nodes' : formatCount(nodes.length, 'node')}</h3>
        {nodes.length === 0 ? (
          <p className="py-1 text-ink-faint">No nodes known.</p>
        ) : (
          <ul className="flex flex-col">
            {nodes.map((node) => (
              <NodeRow key={node.id} node={node} />
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Details">
        <h3 className="mb-1 border-line border-b pb-1 font-semibold">Details</h3>
        <Details>
          <SwarmFacts swarm={swarm} />
        </Details>
      </section>
      {lacks !== null && (
        <p className="break-words text-ink-muted text-sm">
          <ForeignText text={lacks} />
        </p>
      )}
    </div>
  )
}

/** What can be done with it; a call that fails is told in a notice. */
function SwarmActions({ swarm }: { swarm: SwarmView }) {
  const { id, name, isDefault } = swarm
  const [isUnderWay, setIsUnderWay] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const placed = placedWorkspaces(swarm).length
  const use = async () => {
    setIsUnderWay(true)
    try {
      await client.swarms.use({ swarm: id })
    } catch (error) {
      reportError(error, () => void use())
    } finally {
      setIsUnderWay(false)
    }
  }
  return (
    <section aria-label="Actions" className="flex flex-wrap items-center gap-2">
      <Button icon={Check} disabled={isDefault || isUnderWay} onClick={() => void use()}>
        Use for new workspaces
      </Button>
      <Button icon={Pencil} onClick={() => openDialog({ kind: 'edit-swarm', swarmId: id })}>
        Edit…
      </Button>
      <Button icon={Trash2} onClick={() => setIsAsking(true)}>
        Remove…
      </Button>
      {isAsking && (
        <RemoveDialog
          name={name}
          description="Berth stops using it. The Swarm and everything on it stay as they are."
          note={
            placed === 0
              ? 'You can add it again at any time.'
              : `It has placed ${formatCount(placed, 'workspace')}: a Swarm can be removed when it has none.`
          }
          remove={() => client.swarms.remove({ swarm: id })}
          onClose={() => setIsAsking(false)}
        />
      )}
    </section>
  )
}

function NodeRow({ node }: { node: SwarmNodeView }) {
  const { hostname, role, state, availability, engine, workspaces } = node
  const facts = nodeFacts(node)
  const problem = reachProblem(node)
  return (
    <li className="flex gap-2.5 border-line py-2 not-last:border-b">
      <StatusDot state={nodeDot(node)} className="mt-1" />
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <Truncated text={hostname} className="max-w-full font-medium" />
          <span className="text-ink-muted text-sm">
            {role}, <span className={classNames(isLost(node) && 'font-medium text-bad')}>{state}</span>,{' '}
            <span className={classNames(availability !== 'active' && 'text-warn')}>{AVAILABILITY[availability]}</span>
          </span>
          <span className="min-w-0 max-w-full min-[900px]:ml-auto">
            {engine === null ? (
              <span className="text-sm text-warn">not reached</span>
            ) : (
              <Link
                href={routes.engine(engine)}
                aria-label={`Engine ${engine}`}
                className="flex items-baseline gap-1.5 rounded-sm text-accent hover:underline"
              >
                <Server aria-hidden className="size-3.5 shrink-0 self-center" />
                <Truncated text={engine} />
              </Link>
            )}
          </span>
        </div>
        {facts !== '' && (
          <p className="break-words text-ink-muted text-sm">
            <ForeignText text={facts} />
          </p>
        )}
        {problem !== null && (
          <p className="break-words text-sm text-warn">
            <ForeignText text={[problem.message, problem.next].filter(Boolean).join(' ')} />
          </p>
        )}
        {workspaces.length > 0 && (
          <ul aria-label={`Workspaces on ${hostname}`} className="flex flex-wrap gap-x-3">
            {workspaces.map((workspace) => (
              <li key={workspace} className="min-w-0 max-w-full">
                <Link href={routes.workspace(workspace)} className="block rounded-sm text-accent hover:underline">
                  <Truncated text={workspace} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  )
}

const AVAILABILITY: Record<SwarmNodeView['availability'], string> = { active: 'active', pause: 'paused', drain: 'drained' }

function SwarmFacts({ swarm: { manager, rule, tlsFolder, addresses, movesOnDrain } }: { swarm: SwarmView }) {
  const own = Object.keys(addresses).length
  return (
    <>
      <Detail name="Manager">
        {manager === null ? (
          <span className="text-ink-faint">none is responding</span>
        ) : (
          <Link href={routes.engine(manager)} className="min-w-0 rounded-sm text-accent hover:underline">
            <Truncated text={manager} />
          </Link>
        )}
      </Detail>
      <Detail name="Reached at">
        {rule === null ? <span className="text-ink-faint">no rule</span> : <CopyableValue value={rule} label="Copy the rule" />}
      </Detail>
      {own > 0 && (
        <Detail name="">
          <span className="text-ink-muted">
            {formatCount(own, 'node')} at an address of {own === 1 ? 'its' : 'their'} own
          </span>
        </Detail>
      )}
      {tlsFolder !== null && (
        <Detail name="TLS folder">
          <CopyableValue value={tlsFolder} label="Copy the folder" />
        </Detail>
      )}
      <Detail name="On drain">{movesOnDrain ? 'Workspaces move to nodes that Swarm chooses' : 'Workspaces stay on their node'}</Detail>
    </>
  )
}
