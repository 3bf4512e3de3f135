import { create } from 'zustand'
import type { Snapshot } from '../../../shared/snapshot'
import { client } from '../../client'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

type Sizes = Pick<Snapshot, 'bytes' | 'exclusiveBytes'>

interface MeasuredState {
  /** By the id of the snapshot; as they were when they were last asked for. */
  sizes: Readonly<Record<string, Sizes>>
  /** Ids of the workspaces whose snapshots are being measured. */
  measuring: ReadonlySet<string>
}

/** To measure is to walk all files, so it is done when somebody asks, and what came of it is kept while the page lives. */
const useMeasured = create<MeasuredState>(() => ({ sizes: {}, measuring: new Set() }))

/** undefined while it is not measured. */
export function useSnapshotSize(snapshotId: string): Sizes | undefined {
  return useMeasured((state) => state.sizes[snapshotId])
}

export function useIsMeasuring(workspaceId: string): boolean {
  return useMeasured((state) => state.measuring.has(workspaceId))
}

export async function measureSnapshots(workspaceId: string): Promise<void> {
  const { measuring } = useMeasured.getState()
  if (measuring.has(workspaceId)) return
  useMeasured.setState({ measuring: new Set([...measuring, workspaceId]) })
  try {
    const snapshots = await client.snapshots.list({ workspace: workspaceId, measure: true })
    const measured = snapshots.map(({ id, bytes, exclusiveBytes }) => [id, { bytes, exclusiveBytes }] as const)
    useMeasured.setState(({ sizes }) => ({ sizes: { ...sizes, ...Object.fromEntries(measured) } }))
  } catch (error) {
    reportError(error, () => void measureSnapshots(workspaceId))
  } finally {
    useMeasured.setState((state) => ({ measuring: new Set([...state.measuring].filter((id) => id !== workspaceId)) }))
  }
}
