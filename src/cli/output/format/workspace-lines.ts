import { libraryTemplate } from '../../../shared/library/template-reference'
import { nestedEngineRemarks } from '../../../shared/nested-engine-remarks'
import { sshWithConfig } from '../../../shared/ssh-host'
import type { Workspace, WorkspaceStatus } from '../../../shared/workspace'
import { TEXT_FIELDS, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import type { Colour, Paint } from './paint'
import { oneLine } from './plain-text'
import { formatAgo, formatTimeLeft } from './quantities'
import { formatTable } from './table'

/** The same shapes as in the window: told apart without colour too. */
export function statusSymbol(status: WorkspaceStatus): { symbol: string; colour: Colour } {
  switch (status) {
    case 'running':
      return { symbol: '●', colour: 'green' }
    case 'pending':
    case 'stopped':
      return { symbol: '○', colour: 'dim' }
    case 'building':
    case 'starting':
    case 'stopping':
    case 'deleting':
      return { symbol: '◐', colour: 'yellow' }
    case 'error':
      return { symbol: '✕', colour: 'red' }
    default:
      return status satisfies never
  }
}

export interface TableOptions {
  /** Which engine each is on. */
  withEngine: boolean
}

/** The table of `berth list`, with its heading. Labels and details come last: their width is nobody's business. */
export function workspaceTable(workspaces: readonly Workspace[], now: number, paint: Paint, { withEngine }: TableOptions): string[] {
  const heading = [' ', 'NAME', 'STATUS', ...(withEngine ? ['ENGINE'] : []), 'SSH', 'USED', 'REPO', '']
  const rows = workspaces.map((workspace) => [
    statusSymbol(workspace.status).symbol,
    workspace.name,
    workspace.status,
    ...(withEngine ? [workspace.engine ?? '-'] : []),
    workspace.ports.ssh === null ? (workspace.host === null ? '-' : 'host') : String(workspace.ports.ssh),
    workspace.running ? 'now' : formatAgo(workspace.lastUsedAt, now),
    workspace.repo === null ? '-' : oneLine(workspace.repo),
    remark(workspace),
  ])
  return formatTable(
    [heading, ...rows],
    (text, row, column) => {
      const workspace = workspaces[row - 1]
      if (workspace === undefined) return paint('dim', text)
      return column === 0 || column === 2 ? paint(statusSymbol(workspace.status).colour, text) : text
    },
    { columns: paint.columns, spare: ['REPO', 'USED', 'SSH', ''] },
  )
}

/** The templates in `berth list`, with their heading. */
export function templateTable(templates: readonly Workspace[], now: number, paint: Paint, { withEngine }: TableOptions): string[] {
  const heading = ['TEMPLATE', ...(withEngine ? ['ENGINE'] : []), 'CREATED', 'REPO', '']
  const rows = templates.map((template) => [
    template.name,
    ...(withEngine ? [template.engine ?? '-'] : []),
    formatAgo(template.createdAt, now),
    template.repo === null ? '-' : oneLine(template.repo),
    remark(template),
  ])
  return formatTable([heading, ...rows], (text, row) => (row === 0 ? paint('dim', text) : text), {
    columns: paint.columns,
    spare: ['REPO', 'CREATED', ''],
  })
}

/** Why it needs attention, or else what its owner calls it. */
function remark(workspace: Workspace): string {
  return oneLine(workspace.problem?.message ?? workspace.statusDetail ?? workspace.label ?? '')
}

const INIT_STATES: Record<Workspace['initState'], string> = {
  pending: 'runs at the first start',
  running: 'running',
  failed: 'failed',
  done: 'has run',
}

/** “library:node (changed since: env; berth library apply demo)” */
function madeFrom({ name, libraryTemplate: id, templateDrift }: Workspace): string {
  const drift = templateDrift.length === 0 ? '' : ` (changed since: ${templateDrift.join(', ')}; berth library apply ${name})`
  return `${libraryTemplate(id ?? '')}${drift}`
}

/** Everything about one workspace, for `berth info NAME`. */
export function workspaceDetails(workspace: Workspace, sshConfigPath: string, now: number, paint: Paint): string[] {
  const { symbol, colour } = statusSymbol(workspace.status)
  const detail = workspace.statusDetail === null ? '' : ` (${oneLine(workspace.statusDetail)})`
  const rows: [string, string][] = [['Status', `${paint(colour, `${symbol} ${workspace.status}`)}${detail}`]]
  if (workspace.problem !== null) {
    rows.push(['Problem', oneLine(workspace.problem.message)], ['', oneLine(workspace.problem.next)])
  }
  if (workspace.idleStopAt !== null) {
    const left = formatTimeLeft(Math.max(0, Date.parse(workspace.idleStopAt) - now))
    rows.push(['Stops', `in ${left}, because nothing is running in it (to prevent it: berth keep-running ${workspace.name})`])
  }
  if (workspace.template) rows.push(['Template', `to be cloned: berth start NEW --template ${workspace.name}`])
  for (const name of TEXT_FIELDS) {
    const value = workspace[name]
    if (name !== 'repo' && name !== 'image' && value !== null) rows.push([WORKSPACE_FIELDS[name].title, oneLine(value)])
  }
  if (workspace.ports.ssh !== null) rows.push(['SSH', sshWithConfig(workspace.name, sshConfigPath)])
  if (workspace.repo !== null) rows.push(['Repo', `${oneLine(workspace.repo)} (${workspace.repoState})`])
  for (const { url, branch, folder } of workspace.furtherRepos) {
    const at = branch === null ? '' : ` at ${branch}`
    rows.push(['Repo', `${oneLine(`${url}${at}`)} (~/${folder}, ${workspace.furtherRepoStates[folder]?.status ?? 'pending'})`])
  }
  const { state, path } = workspace.devcontainerState
  if (path !== null) rows.push(['Dev container', `${oneLine(path)} (${state})`])
  if (workspace.initScript !== null) rows.push(['Init script', INIT_STATES[workspace.initState]])
  if (workspace.postStart.length > 0) rows.push(['Post-start', oneLine(workspace.postStart.join(', '))])
  for (const name of ['skills', 'tools'] as const) {
    if (workspace[name].length > 0) rows.push([WORKSPACE_FIELDS[name].title, workspace[name].join(', ')])
  }
  if (workspace.libraryTemplate !== null) rows.push(['Made from', madeFrom(workspace)])
  const outdated = workspace.imageOutdated ? ` (out of date: berth rebuild ${workspace.name})` : ''
  const { host, engine, image, containerName, containerId, volumes } = workspace
  if (host !== null)
    rows.push(['Folder', `${oneLine(host.folder)} (of this machine${host.created ? ', created by Berth' : ''}; not isolated)`])
  if (engine !== null) rows.push(['Engine', oneLine(engine)])
  if (image !== null) rows.push(['Image', `${image}${outdated}`])
  if (containerName !== null) rows.push(['Container', containerId === null ? `${containerName} (none yet)` : containerName])
  nestedEngineRemarks(workspace.nestedEngine).forEach((remark, index) => {
    rows.push([index === 0 ? 'Docker inside' : '', remark])
  })
  if (volumes !== null) rows.push(['Volumes', `${volumes.home}, ${volumes.docker}`])
  const variables = Object.keys(workspace.env)
  if (variables.length > 0) rows.push(['Environment', variables.join(', ')])
  rows.push(['Created', formatAgo(workspace.createdAt, now)], ['Last used', formatAgo(workspace.lastUsedAt, now)])
  rows.push(['Id', workspace.id])
  return [
    paint('bold', workspace.name),
    ...formatTable(
      rows.map(([key, value]) => [`  ${key}`, value]),
      (text, _row, column) => (column === 0 ? paint('dim', text) : text),
    ),
  ]
}
