import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

describe('from inside a workspace', () => {
  let test: TestCore
  const name = uniqueName('walls')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
  })
  afterAll(() => test.dispose())

  it('the host’s disk cannot be read through a device node', async () => {
    const result = await inside(
      test.core,
      name,
      "read -r major minor _ < <(awk '$4 ~ /^(vd|sd|nvme|xvd)/ { print $1, $2; exit }' /proc/partitions); " +
        'mknod /tmp/disk b "$major" "$minor" 2>&1; head -c 512 /tmp/disk 2>&1 | wc -c; head -c 1 /tmp/disk 2>&1 || true',
      'root',
    )
    expect(result).toContain('Operation not permitted')
  })

  it('the container is not privileged and has only the capabilities that a nested engine needs', async () => {
    const { HostConfig } = await docker.getContainer(`workspace-${name}`).inspect()
    expect(HostConfig.Privileged).toBe(false)
    expect(HostConfig.CapAdd?.map((capability: string) => capability.replace('CAP_', '')).sort()).toEqual([
      'NET_ADMIN',
      'SYS_ADMIN',
      'SYS_PTRACE',
    ])
    expect(HostConfig.Binds ?? []).toEqual([])
    expect(HostConfig.Devices ?? []).toEqual([])
  })

  it('the host’s Docker socket is not there; the nested engine is another one', async () => {
    const nested = await inside(test.core, name, 'docker info --format "{{.ID}}"')
    const { ID: host } = await docker.info()
    expect(nested).not.toBe(host)
  })

  it('ssh answers on loopback only, to keys only', async () => {
    const port = test.core.workspaces.get(name).ports.ssh ?? 0
    expect(await answers('127.0.0.1', port)).toBe(true)
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === 'IPv4' && !address.internal)
    for (const address of others) expect(await answers(address?.address ?? '', port), address?.address).toBe(false)
    const config = await inside(test.core, name, 'sshd -T', 'root')
    expect(config).toContain('passwordauthentication no')
    expect(config).toContain('permitrootlogin no')
  })
})

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('timeout', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(false))
  })
}
