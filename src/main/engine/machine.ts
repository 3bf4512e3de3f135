import type { ContainerFiles } from './container-files'
import type { Exec } from './exec'

/** What can be done inside a workspace, whether that is a container of an engine or a folder of this machine. */
export interface Machine {
  exec: Exec
  containers: ContainerFiles
}
