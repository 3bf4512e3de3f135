import type Docker from 'dockerode'
import { createEngine, type Engine } from '../../src/main/engine/engine'
import { LOCAL_IMAGE } from '../../src/main/images/images'
import { docker, uniqueName } from './test-core'

/** The engine as Berth sees it, connected. */
export async function connectEngine(): Promise<Engine> {
  const engine = createEngine({
    address: () => null,
    surroundings: { environment: process.env, platform: process.platform, homeFolder: '/nonexistent', berthHome: '/nonexistent' },
    label: 'dev.berth.test',
  })
  await new Promise<void>((resolve) => {
    engine.start({
      onState: ({ status }) => {
        if (status === 'connected') resolve()
      },
      onContainerEvent: () => {},
    })
  })
  return engine
}

/** A container of Berth's image in which nothing runs but what the test starts: quicker than a whole workspace. */
export async function startContainer(prefix: string, command: string[] = ['sleep', '3600']): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: uniqueName(prefix),
    Image: LOCAL_IMAGE,
    Entrypoint: command,
    Cmd: [],
    HostConfig: { Init: true, CapAdd: ['SYS_PTRACE'] },
  })
  await container.start()
  return container
}

/** Names of the programs that run in the container, without its init and its first. */
export async function processesOf(container: Docker.Container): Promise<string[]> {
  const { Processes: processes } = (await container.top({ ps_args: '-eo pid,args' })) as { Processes: string[][] }
  return processes.map(([, program]) => program ?? '').filter((program) => !program.includes('docker-init') && program !== 'sleep 3600')
}
