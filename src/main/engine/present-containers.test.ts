import type Docker from 'dockerode'
import { expect, it } from 'vitest'
import { presentContainers } from './present-containers'

/** An engine that lists these states, and has those containers. */
function engineWith(listed: Record<string, string>, present: string[], failure = { statusCode: 404, message: 'no such container' }) {
  const asked: string[] = []
  const docker = {
    listContainers: async () => Object.entries(listed).map(([Id, State]) => ({ Id, State })),
    getContainer: (id: string) => ({
      async inspect() {
        asked.push(id)
        if (!present.includes(id)) throw failure
      },
    }),
  }
  return { docker: docker as unknown as Docker, asked }
}

it('leaves out what is listed as dead and is not there, and asks about nothing else', async () => {
  const { docker, asked } = engineWith({ runs: 'running', ended: 'exited', gone: 'dead', stuck: 'dead', going: 'removing' }, ['stuck'])
  expect((await presentContainers(docker, { all: true })).map(({ Id }) => Id)).toEqual(['runs', 'ended', 'stuck'])
  expect(asked).toEqual(['gone', 'stuck', 'going'])
})

it('takes nothing for gone because the engine fails', async () => {
  const { docker } = engineWith({ dead: 'dead' }, [], { statusCode: 500, message: 'no' })
  await expect(presentContainers(docker, { all: true })).rejects.toMatchObject({ statusCode: 500 })
})
