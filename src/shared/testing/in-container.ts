import type { Workspace } from '../workspace'

type ContainerWorkspace = Workspace & {
  [Name in 'engine' | 'containerName' | 'image' | 'volumes' | 'storage']: NonNullable<Workspace[Name]>
}

/** A workspace that is known to be in a container. */
export function inContainer(workspace: Workspace): ContainerWorkspace {
  const { engine, containerName, image, volumes, storage } = workspace
  if (engine === null || containerName === null || image === null || volumes === null || storage === null)
    throw new Error(`${workspace.name} is in no container`)
  return { ...workspace, engine, containerName, image, volumes, storage }
}
