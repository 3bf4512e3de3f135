import type { Workspace } from '../workspace'

type ContainerWorkspace = Workspace & { [Name in 'containerName' | 'image' | 'volumes' | 'storage']: NonNullable<Workspace[Name]> }

/** A workspace that is known to be in a container. */
export function inContainer(workspace: Workspace): ContainerWorkspace {
  const { containerName, image, volumes, storage } = workspace
  if (containerName === null || image === null || volumes === null || storage === null)
    throw new Error(`${workspace.name} is in no container`)
  return { ...workspace, containerName, image, volumes, storage }
}
