import { expect, it } from 'vitest'
import type { PortForward } from '../../shared/port-forward'
import { isSamePort, type PortTarget } from '../../shared/port-target'
import { replaceForwards } from './replace-forwards'

function fakeForwards(initial: [container: string | null, port: number, localPort: number][]) {
  let all = initial.map(
    ([container, port, localPort]): PortForward => ({
      ...{ port, container, localPort, wantedLocalPort: localPort, status: 'open', problem: null, kind: 'kept' },
    }),
  )
  const list = () => ({ workspaceId: 'w', listeners: [], forwards: all })
  return {
    list,
    async add(_: string, { port, container, localPort = port }: PortTarget & { localPort?: number | undefined }) {
      const forward = { port, container, localPort, wantedLocalPort: localPort, status: 'open', problem: null, kind: 'kept' } as const
      all = [...all, forward]
      return { forward, notice: null }
    },
    async remove(_: string, target: PortTarget) {
      all = all.filter((forward) => !isSamePort(forward, target))
      return list()
    },
    shown: () => all.map(({ container, port, localPort }) => `${container}:${port} at ${localPort}`),
  }
}

it('moves a forward to the container that took the place of another, on the same port of this machine', async () => {
  const forwards = fakeForwards([
    ['old', 3000, 3001],
    [null, 8080, 8080],
  ])
  expect(await replaceForwards(forwards, 'w', [{ port: 3000, container: 'old' }], [{ port: 3000, container: 'new' }])).toEqual([
    { port: 3000, container: 'new' },
  ])
  expect(forwards.shown()).toEqual(['null:8080 at 8080', 'new:3000 at 3001'])
})

it('leaves what the user has made as it is, and does not take it for its own', async () => {
  const forwards = fakeForwards([['new', 3000, 9999]])
  expect(await replaceForwards(forwards, 'w', [], [{ port: 3000, container: 'new' }])).toEqual([])
  expect(forwards.shown()).toEqual(['new:3000 at 9999'])
})

it('removes what is no longer wanted, even if the user already has', async () => {
  const forwards = fakeForwards([['a', 1, 1]])
  const before = [
    { port: 1, container: 'a' },
    { port: 2, container: 'a' },
  ]
  expect(await replaceForwards(forwards, 'w', before, [])).toEqual([])
  expect(forwards.shown()).toEqual([])
})
