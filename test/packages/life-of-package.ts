import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withBuiltVersion } from '../support/built-version'
import { type DebianMachine, debianMachine, OWN_FILES } from '../support/debian-machine'
import { docker, uniqueName } from '../support/test-core'

const run = promisify(execFile)
export const OLD = '0.9.0'
export const NEW = '0.9.1'

/** A kind of package, for Debian. */
interface PackageKind {
  /** Short, for names of what the tests make. */
  id: string
  /** The folder with the system that it is installed into. */
  root: () => Promise<string>
  environment?: () => Promise<Record<string, string>>
  /** Makes the package of a built checkout. */
  pack: (checkout: string, outDir: string) => Promise<void>
  file: (version: string) => string
  /** Scripts, which say on stdout what they have to say. */
  install: (version: string) => string
  remove: string
  /** What somebody who installs the newer one, and one who removes it, is told. */
  says?: { upgrading: string; removing: string[] }
  /** The program that “berth” leads to. */
  program: string
  ports: { from: number; to: number }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** As somebody does it: no checkout, no compiler, nothing but what the package brings. */
export function itLivesAsPackage(kind: PackageKind, more?: (machine: () => DebianMachine) => void): void {
  const name = uniqueName(kind.id)
  const home = `/root/${name}`
  let machine: DebianMachine
  const inside = (script: string) => machine.inside(script)

  beforeAll(async () => {
    machine = await debianMachine(await kind.root(), home, await kind.environment?.())
    for (const version of [OLD, NEW]) await withBuiltVersion(version, (checkout) => kind.pack(checkout, machine.shared))
    await mkdir(join(machine.root, home, 'berth'), { recursive: true })
    await writeFile(join(machine.root, home, 'berth/settings.json'), JSON.stringify({ sshPorts: kind.ports }))
  })

  afterAll(async () => {
    if (machine === undefined) return
    await inside(`if command -v berth >/dev/null; then berth delete ${name} --yes; berth quit; ${kind.remove}; fi`).catch(() => undefined)
    for (const { Id } of await docker.listContainers({ all: true, filters: { name: [name] } }))
      await docker.getContainer(Id).remove({ force: true, v: true })
    const { Volumes: left } = await docker.listVolumes({ filters: { name: [name] } })
    for (const volume of left ?? []) await docker.getVolume(volume.Name).remove()
    await machine.remove()
  })

  it('has checksums', async () => {
    expect((await readdir(machine.shared)).filter((file) => !OWN_FILES.includes(file)).sort()).toEqual(
      ['SHA256SUMS', kind.file(OLD), kind.file(NEW)].sort(),
    )
    await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: machine.shared })
  })

  it('is installed, and brings its own Node', async () => {
    await expect(inside('berth --version')).rejects.toThrow('berth: command not found')
    await inside(kind.install(OLD))
    expect(await inside('berth --version')).toBe(OLD)
    expect(await inside('readlink -f $(command -v berth)')).toBe(kind.program)
  })

  more?.(() => machine)

  it('makes a workspace, and serves the page', async () => {
    await inside(`berth start ${name}`)
    expect(await inside(`berth exec ${name} -- cat /etc/hostname`)).toBe(name)
    const link = await inside('berth open --print')
    const { origin } = new URL(link.split('\n').at(-1) ?? '')
    expect(await inside(`curl -fsS ${origin}/`)).toContain('<title>Berth</title>')
  })

  it('is replaced by a newer one while workspaces run', async () => {
    await inside(`berth exec ${name} -- sh -c 'echo kept >~/kept; nohup sleep 600 >/dev/null 2>&1 &'`)
    const before = JSON.parse(await inside(`berth info ${name} --json`))
    const said = await inside(kind.install(NEW))
    if (kind.says !== undefined) expect(said).toContain(kind.says.upgrading)
    expect(await inside('berth --version')).toBe(NEW)
    // The old one goes on, and that is said until it is ended.
    expect(await inside('berth list 2>&1')).toContain(`Berth ${OLD} is still running; this is ${NEW}. “berth quit” ends it`)
    await inside('berth quit')
    await inside(`berth wait ${name} --timeout 60s`)
    expect(JSON.parse(await inside('berth info --json'))).toMatchObject({ berth: { version: NEW } })
    expect(await inside('berth list 2>&1')).not.toContain('still running; this is')
    expect(JSON.parse(await inside(`berth info ${name} --json`))).toMatchObject({ status: 'running', startedAt: before.startedAt })
    expect(await inside(`berth exec ${name} -- sh -c 'cat ~/kept; pgrep -c sleep'`)).toBe('kept\n1')
  })

  it('is removed without what the workspaces have', async () => {
    const { pid } = JSON.parse(await inside('berth info --json')).berth as { pid: number }
    if (kind.says === undefined) await inside('berth quit')
    const said = await inside(kind.remove)
    for (const text of kind.says?.removing ?? []) expect(said).toContain(text)
    await expect(inside('berth --version')).rejects.toThrow('berth: command not found')
    // It has ended; whoever adopted it may not have heard yet.
    await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false)
    const [container] = await docker.listContainers({ filters: { name: [`workspace-${name}`] } })
    expect(container?.State).toBe('running')
    const { Volumes: volumes } = await docker.listVolumes({ filters: { name: [name] } })
    expect((volumes ?? []).map((volume) => volume.Name).sort()).toEqual([`workspace-${name}`, `workspace-${name}-docker`])
    await inside(kind.install(NEW))
    expect(await inside(`berth exec --start ${name} -- cat /home/workspace/kept`)).toBe('kept')
  })
}
