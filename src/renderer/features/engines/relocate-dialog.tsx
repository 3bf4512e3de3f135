import { type FormEvent, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { useEngines, useSnapshots, useSwarms } from '../../store/store'
import { Button } from '../../ui/button'
import { Choice } from '../../ui/choice'
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog'
import { formatCount } from '../../ui/format'
import { EngineField } from '../../workspace-model/engine/engine-field'
import { constraintsProblem, givenPlacement, type Placement, swarmObstacle } from '../../workspace-model/engine/placement'
import { attempt } from '../../workspace-model/operations/attempt'

/** Asks where to. Closes at once; the workspace's page shows how it goes. */
export function RelocateDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const others = useEngines().filter(({ name }) => name !== workspace.engine)
  const swarms = useSwarms()
  const snapshots = useSnapshots(workspace.id).length
  const [chosen, setChosen] = useState<Placement>(() => {
    // What could not leave a drained node is to go where Swarm puts it.
    const leaving = swarms.find(({ unmoved }) => unmoved.some((one) => one.workspace === workspace.name))
    return { engine: leaving?.name ?? others.find(({ state }) => state.status === 'connected')?.name ?? '', constraints: '' }
  })
  const [dropsSnapshots, setDropsSnapshots] = useState(false)
  const problem = constraintsProblem(chosen.constraints)
  const isThere =
    others.some(({ name, state }) => name === chosen.engine && state.status === 'connected') ||
    swarms.some((swarm) => swarm.name === chosen.engine && swarmObstacle(swarm) === null)
  const canMove = isThere && problem === null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!canMove) return
    onClose()
    const where = { ...givenPlacement(chosen), engine: chosen.engine }
    attempt(() => client.workspaces.relocate({ workspace: workspace.id, ...where, dropSnapshots: dropsSnapshots }))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${workspace.name} to another engine`}
      description={
        workspace.running
          ? 'Its data is copied while it is running. It stops for the last part and then starts on the other engine; programs running in it end at that point.'
          : 'It cannot be started during the move.'
      }
    >
      <form onSubmit={submit} className="flex min-h-0 flex-1 flex-col">
        <DialogBody className="flex flex-col gap-3">
          <EngineField
            value={chosen}
            except={workspace.engine}
            problem={problem}
            onChange={(change) => setChosen({ ...chosen, ...change })}
          />
          <p>Files, Docker volumes, installed software, its name and its ssh keys move with it.</p>
          {snapshots > 0 && (
            <Choice
              title={`Delete ${snapshots === 1 ? 'its snapshot' : `its ${formatCount(snapshots, 'snapshot')}`} instead of moving ${snapshots === 1 ? 'it' : 'them'}`}
              description="After it has started on the other engine. This cannot be undone."
              checked={dropsSnapshots}
              onChange={setDropsSnapshots}
            />
          )}
          <p className="text-ink-muted">If you cancel or it fails, nothing changes.</p>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!canMove}>
            Move
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
