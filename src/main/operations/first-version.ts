import type { OperationKind } from '../../shared/operation-kinds'

/** Version of all definitions in Berth 0.1.0, whose journal had the place of a step instead of its name. */
export const FIRST_VERSION = 1

interface FirstVersion {
  version: number
  steps: readonly string[]
  commitStep: string | null
}

/** Frozen: what Berth 0.1.0 did, whatever this one does. */
const FIRST_STEPS: Partial<Record<OperationKind, { steps: readonly string[]; commitStep: string | null }>> = {
  'workspace.create': { steps: ['reserve', 'image', 'home-volume', 'docker-volume', 'container', 'start', 'repo'], commitStep: 'repo' },
  'workspace.start': { steps: ['port', 'replacement', 'switch', 'container', 'start', 'repo'], commitStep: 'switch' },
  'workspace.stop': { steps: ['stop'], commitStep: null },
  'workspace.restart': { steps: ['stop', 'port', 'replacement', 'switch', 'container', 'start', 'repo'], commitStep: 'switch' },
  'workspace.delete': { steps: ['container', 'home-volume', 'docker-volume', 'layers', 'snapshots', 'record'], commitStep: 'container' },
  'workspace.rename': { steps: ['rename'], commitStep: 'rename' },
  'workspace.clone': { steps: ['reserve', 'stop-source', 'layer', 'volumes', 'start-source', 'container', 'start'], commitStep: null },
  'workspace.move': { steps: ['check', 'stop', 'layer', 'volumes', 'replacement', 'switch', 'start', 'finish'], commitStep: 'finish' },
  'workspace.export': { steps: ['layer', 'volumes', 'write', 'publish', 'clean-up'], commitStep: 'publish' },
  'workspace.import': {
    steps: ['check', 'reserve', 'image', 'home-volume', 'docker-volume', 'container', 'start'],
    commitStep: null,
  },
  'workspace.adopt': { steps: ['reserve', 'stop', 'layer', 'replacement', 'switch', 'start', 'repo', 'finish'], commitStep: 'finish' },
  'snapshot.create': { steps: ['layer', 'volumes', 'record'], commitStep: null },
  'snapshot.restore': { steps: ['check', 'volumes', 'layer', 'stop', 'replacement', 'switch', 'start', 'finish'], commitStep: 'finish' },
  'snapshot.delete': { steps: ['volumes'], commitStep: 'volumes' },
  'image.build': { steps: ['build'], commitStep: null },
  'storage.cleanup': { steps: ['remove'], commitStep: 'remove' },
}

/** How Berth 0.1.0 did this kind of operation; no steps where it had none of that kind. */
export function firstVersion(kind: OperationKind): FirstVersion {
  return { version: FIRST_VERSION, ...(FIRST_STEPS[kind] ?? { steps: [], commitStep: null }) }
}
