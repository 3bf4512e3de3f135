import { client } from '../../client'
import { go, routes } from '../../routes'
import { closeDialog, openDialog, openNewFromTemplate } from '../../store/dialogs'
import { findEngine, findSwarm, findWorkspace, useStore } from '../../store/store'
import { copyText } from '../../ui/copy-button'
import type { NoticeAction } from '../../ui/notice'
import { showNotice } from '../../ui/notice'
import { type NextStep, type Presentation, presentError } from './present-problem'

interface StepContext {
  presentation: Presentation
  /** What failed, done again; without it there is no Retry button. */
  onRetry?: (() => void) | undefined
  /** The same although the workspace runs; without it there is no such button. */
  onForce?: (() => void) | undefined
}

/** The steps that can be taken here, as buttons. */
export function stepActions(context: StepContext): NoticeAction[] {
  const { presentation, onRetry, onForce } = context
  return presentation.actions
    .filter((step) => {
      if (step.kind === 'retry') return onRetry !== undefined
      if (step.kind === 'force') return onForce !== undefined
      // A name that is taken may be a snapshot's.
      return step.kind !== 'open-workspace' || findWorkspace(useStore.getState(), step.workspace) !== undefined
    })
    .map((step) => ({ label: step.label, run: () => runSuggestedAction(step, context) }))
}

function runSuggestedAction(step: NextStep, { presentation, onRetry, onForce }: StepContext): void {
  switch (step.kind) {
    case 'retry':
      return onRetry?.()
    case 'force':
      return onForce?.()
    case 'stop-workspace':
      return call(() => client.workspaces.stop({ workspace: step.workspace }))
    case 'unset-template':
      return call(() => client.workspaces.update({ workspace: step.workspace, template: false }))
    case 'new-from-template':
      return openNewFromTemplate(step.workspace)
    case 'enter-credential':
      return openForWorkspace('repo-credential', step.workspace)
    case 'trust-host':
      return call(async () => {
        await client.workspaces.trustRepoHost({ workspace: step.workspace, fingerprint: step.fingerprint })
        onRetry?.()
      })
    case 'show-snapshots':
      return leaveFor(routes.workspace(step.workspace, 'snapshots'))
    case 'rerun-init':
      return call(() => client.workspaces.rerunInit({ workspace: step.workspace }))
    case 'edit-scripts':
      return leaveFor(routes.workspace(step.workspace, 'settings'))
    case 'show-storage':
      return leaveFor(routes.storage)
    case 'change-limit':
      return openForWorkspace('limit-workspace', step.workspace)
    case 'open-settings':
      return leaveFor(`${routes.settings}/${step.section}`)
    case 'reconnect-engine':
      return reconnectEngine()
    case 'show-engines':
      return showEngines(step.engine)
    case 'edit-swarm':
      return editSwarm(step.swarm)
    case 'move-workspace':
      return openForWorkspace('relocate-workspace', step.workspace)
    case 'show-log':
      return openDialog({ kind: 'log', title: presentation.title, lines: step.lines })
    case 'open-workspace':
      return leaveFor(routes.workspace(step.workspace))
    case 'show-operation':
      return leaveFor(routes.activity)
    case 'reload':
      return location.reload()
    case 'copy-details':
      return void copyText(presentation.details)
    default:
      return step satisfies never
  }
}

/** That engine or Swarm is selected if there is such a one. */
function showEngines(reference: string | null): void {
  const state = useStore.getState()
  const shown = findEngine(state, reference) ?? findSwarm(state, reference)
  leaveFor(shown === undefined ? routes.engines : routes.engine(shown.name))
}

function editSwarm(reference: string): void {
  const swarm = findSwarm(useStore.getState(), reference)
  if (swarm !== undefined) openDialog({ kind: 'edit-swarm', swarmId: swarm.id })
}

/** A problem may be shown in a dialog, which would stay in the way. */
function leaveFor(route: string): void {
  closeDialog()
  go(route)
}

function openForWorkspace(kind: 'limit-workspace' | 'repo-credential' | 'relocate-workspace', reference: string): void {
  const workspace = findWorkspace(useStore.getState(), reference)
  if (workspace !== undefined) openDialog({ kind, workspaceId: workspace.id })
}

/** All that do not answer. Their states come with the events; here only a call that fails is told. */
export function reconnectEngine(): void {
  for (const { id, state } of useStore.getState().engines)
    if (state.status !== 'connected') call(() => client.engines.reconnect({ engine: id }))
}

function call(procedure: () => Promise<unknown>): void {
  procedure().catch((error: unknown) => reportError(error, () => call(procedure)))
}

/** What else can be done about a call that threw. */
export interface WaysOn {
  /** The same although the workspace runs. */
  onForce?: (() => void) | undefined
  /** Back to what was typed. */
  onEdit?: (() => void) | undefined
}

/** Tells of what a call threw, where the screen has no place for it. */
export function reportError(error: unknown, onRetry?: () => void, { onForce, onEdit }: WaysOn = {}): void {
  const presentation = presentError(error)
  const edit = onEdit === undefined ? [] : [{ label: 'Edit', run: onEdit }]
  showNotice({
    tone: 'bad',
    title: presentation.title,
    message: [presentation.message, presentation.next].filter(Boolean).join(' '),
    actions: [...edit, ...stepActions({ presentation, onRetry, onForce })],
    id: `${presentation.title}\n${presentation.message}`,
  })
}
