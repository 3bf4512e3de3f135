import { expect, it } from 'vitest'
import type { WorkspaceProcess } from '../../../shared/workspace-process'
import { runsNothing } from './idle-processes'

type Row = [pid: number, parentPid: number, command: string]

/** As the engine of the machine lists them: the parents of the init and of what the engine starts besides are not the container's. */
const ALWAYS: Row[] = [
  [100, 90, '/sbin/docker-init -- /usr/local/lib/berth/entrypoint 172.18.0.0/16 16'],
  [101, 100, '/bin/bash /usr/local/lib/berth/entrypoint 172.18.0.0/16 16'],
  [110, 101, 'sshd: /usr/sbin/sshd -D -e [listener] 0 of 1000-1000 startups'],
  [111, 101, '/usr/sbin/cron -f'],
]
const ENGINE: Row[] = [
  [120, 101, 'dockerd --host fd:// --group docker --log-level warn'],
  [121, 120, 'containerd --config /var/run/docker/containerd/containerd.toml --log-level warn'],
]
const OWN_CONNECTION: Row[] = [
  [130, 110, 'sshd-session: workspace [priv]'],
  [131, 130, 'sshd-session: workspace'],
]

function isIdle(rows: Row[], ownConnections = 0): boolean {
  const processes = rows.map(
    ([pid, parentPid, command]): WorkspaceProcess => ({ pid, parentPid, command, age: 60, cpuTime: 0, memoryBytes: 4096 }),
  )
  return runsNothing(processes, ownConnections)
}

it.each<[string, Row[]]>([
  ['the services', []],
  ['an engine that waits for its first use', [[120, 101, '/usr/local/lib/berth/engine-socket /var/run/docker.sock docker dockerd']]],
  ['an engine without containers', ENGINE],
  ['a service that is started again soon', [[140, 101, 'sleep 4']]],
  ['the watcher of ports', [[150, 90, '/usr/local/lib/berth/port-watch']]],
  [
    'the watcher of the state, with what it reads by',
    [
      [151, 90, '/bin/bash /usr/local/lib/berth/state-watch'],
      [152, 151, 'tail -n +1 -f /run/berth/state'],
    ],
  ],
])('%s is nothing', (_what, rows) => {
  expect(isIdle([...ALWAYS, ...rows])).toBe(true)
})

it.each<[string, Row[]]>([
  ['a command of the engine’s, as of “berth exec”', [[200, 90, 'sleep 1000']]],
  ['a shell', [[200, 90, '/bin/bash -l']]],
  ['a program in the background, which the init has taken over', [[200, 100, 'sleep 1000']]],
  ['a nested container', [...ENGINE, [200, 100, '/usr/bin/containerd-shim-runc-v2 -namespace moby'], [201, 200, '/bin/sh']]],
  ['a published port of a nested container', [...ENGINE, [200, 120, '/usr/bin/docker-proxy -proto tcp']]],
  ['a cron job', [[200, 111, '/usr/sbin/CRON -f']]],
  ['an ssh connection without a program', OWN_CONNECTION],
  ['a login that has not been let in yet', [[200, 110, 'sshd-session: [accepted]']]],
  ['a program with the name of a service', [[200, 100, 'dockerd']]],
])('%s is something', (_what, rows) => {
  expect(isIdle([...ALWAYS, ...rows])).toBe(false)
})

it('spares the connection that Berth itself holds open, and no other', () => {
  const other: Row[] = [
    [160, 110, 'sshd: workspace [priv]'],
    [161, 160, 'sshd: workspace@notty'],
  ]
  expect(isIdle([...ALWAYS, ...OWN_CONNECTION], 1)).toBe(true)
  expect(isIdle([...ALWAYS, ...OWN_CONNECTION, ...other], 1)).toBe(false)
  // An idle shell of somebody who has left, where Berth’s own connection has just been lost.
  expect(isIdle([...ALWAYS, ...OWN_CONNECTION, [132, 131, '-bash']], 1)).toBe(false)
})

it('knows the processes by their numbers inside, too', () => {
  const inside = ALWAYS.map(([pid, parentPid, command]): Row => [pid - 99, Math.max(0, parentPid - 99), command])
  expect(isIdle([...inside, [70, 0, '/usr/local/lib/berth/port-watch']])).toBe(true)
  expect(isIdle([...inside, [70, 0, 'sleep 1000']])).toBe(false)
})

it('says nothing of a container with another entrypoint, or none', () => {
  expect(isIdle([])).toBe(false)
  expect(isIdle([[1, 0, '/usr/local/bin/start']])).toBe(false)
})
