import type { BerthEvent } from '../../shared/contract/events'
import type { SystemInfo } from '../../shared/contract/system'
import type { ShownEnvironment } from '../../shared/environment'
import type { Operation } from '../../shared/operation'
import type { StreamChannel } from '../../shared/stream-frames'
import type { Workspace } from '../../shared/workspace'
import type { Files } from '../files/files'
import type { ImageBuildLog } from '../images/image-build-log'
import type { BuildRequest } from '../images/image-builds'
import type { Library } from '../library/library'
import type { Logs } from '../logs/logs'
import type { Operations } from '../operations/operations'
import type { PortForwards } from '../ports/port-forwards'
import type { UserSshConfig } from '../provisioning/user-ssh-config'
import type { DamagedFiles } from '../settings/damaged-files'
import type { SettingsStore } from '../settings/settings'
import type { TerminalLayouts } from '../terminals/terminal-layouts'
import type { TerminalSessions } from '../terminals/terminal-sessions'
import type { Adoption } from '../workspaces/adoption/adoption'
import type { AllWorkspaces } from '../workspaces/all-workspaces'
import type { Archives } from '../workspaces/archives/archives'
import type { Copies } from '../workspaces/copies/copies'
import type { Relocations } from '../workspaces/copies/relocations'
import type { StorageMigrations } from '../workspaces/copies/storage-migrations'
import type { DebugReports } from '../workspaces/debug/debug-reports'
import type { ProblemReports } from '../workspaces/debug/problem-reports'
import type { Devcontainers } from '../workspaces/devcontainer/devcontainers'
import type { Doctor } from '../workspaces/doctor/doctor'
import type { Engines } from '../workspaces/places/engines'
import type { Rebuilds } from '../workspaces/rebuild/rebuilds'
import type { Swarms } from '../workspaces/swarms/swarms'
import type { FileTemplates } from '../workspaces/templates/file-templates'
import type { Cleanup } from '../workspaces/usage/cleanup'

/** What the doors need of the core; `core.ts` builds it. */
export interface ApiServices {
  info: SystemInfo
  doctor: Doctor
  debugReports: DebugReports
  problemReports: ProblemReports
  settings: SettingsStore
  /** The variables of every workspace; with `reveal` their values. */
  sharedEnvironment(options: { reveal: boolean }): ShownEnvironment
  damagedFiles: DamagedFiles
  engines: Engines
  swarms: Swarms
  library: Library
  fileTemplates: FileTemplates
  imageBuildLog: Pick<ImageBuildLog, 'read'>
  /** Throws ENGINE_UNKNOWN, ENGINE_UNREACHABLE, and INPUT_INVALID for what does not go together. */
  buildImage(request: BuildRequest): Promise<Operation>
  operations: Operations
  workspaces: AllWorkspaces
  /** Takes back the stop that is announced for an idle workspace. Throws WORKSPACE_NOT_FOUND, WORKSPACE_NOT_RUNNING, PLACE_CANNOT. */
  keepRunning(reference: string): Workspace
  copies: Copies
  cleanup: Cleanup
  archives: Archives
  storageMigrations: StorageMigrations
  relocations: Relocations
  adoption: Adoption
  rebuilds: Rebuilds
  devcontainers: Devcontainers
  sshConfig: UserSshConfig & { text(): string }
  terminals: TerminalSessions
  terminalLayouts: TerminalLayouts
  forwards: PortForwards
  logs: Logs
  files: Files
  /** Gives the bytes of a session, a log stream or an upload to a channel. Throws SESSION_NOT_FOUND. */
  attachStream(id: string, channel: StreamChannel): void
  events: {
    /** Returns what ends it. */
    subscribe(listener: (event: BerthEvent) => void): () => void
    /** All there is at this moment. */
    snapshot(): Extract<BerthEvent, { type: 'snapshot' }>
  }
}
