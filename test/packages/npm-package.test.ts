import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { debianObstacle, ensureRoot } from '../support/debian-system'
import { docker, uniqueName } from '../support/test-core'

const run = promisify(execFile)
const ROOT = 'debian-with-npm'
const obstacle = debianObstacle(ROOT)
/** Whom this machine trusts besides, for its registry. */
const authorities = process.env.NODE_EXTRA_CA_CERTS
const AUTHORITIES = '/mnt/authorities.pem'

/** `$1` is the root of the system, `$2` a folder that it sees at /mnt, `$3` runs there. Docker's socket is that of this machine. */
const INSIDE = `mount --make-rprivate /
for name in proc sys dev; do mount --rbind "/$name" "$1/$name"; done
mount --bind "$2" "$1/mnt"
mkdir -p "$1/run"
touch "$1/run/docker.sock"
mount --bind /var/run/docker.sock "$1/run/docker.sock"
exec chroot "$1" /bin/bash -c "$3"`

// As somebody does it on a server: a Debian with npm, no checkout, no compiler.
describe.skipIf(obstacle !== null)(`the package for npm${obstacle === null ? '' : ` (${obstacle})`}`, () => {
  const name = uniqueName('npm')
  const home = `/root/${name}`
  let root = ''
  let shared = ''

  /** Output of a shell script in there; throws with what it complained of. */
  async function inside(script: string): Promise<string> {
    const registry = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
    const environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: home,
      BERTH_HOME: `${home}/berth`,
      BERTH_IMAGE_TAG: process.env.BERTH_IMAGE_TAG ?? '',
      npm_config_registry: registry,
      ...(authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: AUTHORITIES }),
    }
    const child = spawn('unshare', ['--mount', 'bash', '-ec', INSIDE, 'bash', root, shared, script], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let complaints = ''
    child.stdout.on('data', (bytes) => (output += bytes))
    child.stderr.on('data', (bytes) => (complaints += bytes))
    // Not “close”: a Berth that was started goes on with what it inherited.
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`${script}\n${complaints}${output}`)
    return output.trim()
  }

  const installed = async () => JSON.parse(await inside('npm ls -g berth --json')).dependencies.berth.version

  const pack = (version: string) => run('node', [resolve('script/lib/package-npm.mjs'), shared, '--version', version])

  beforeAll(async () => {
    root = await ensureRoot(ROOT, ['nodejs', 'npm', 'ca-certificates', 'curl'])
    shared = await mkdtemp(join(tmpdir(), 'berth-packages-'))
    await Promise.all([pack('0.9.0'), pack('0.9.1')])
    if (authorities !== undefined) await copyFile(authorities, join(shared, basename(AUTHORITIES)))
    await inside(`mkdir -p ${home}/berth && echo '{"sshPorts":{"from":23900,"to":23939}}' >${home}/berth/settings.json`)
  })

  afterAll(async () => {
    if (root === '') return
    await inside(`if command -v berth >/dev/null; then berth delete ${name} --yes; berth quit; npm uninstall -g berth; fi`).catch(
      () => undefined,
    )
    for (const { Id } of await docker.listContainers({ all: true, filters: { name: [name] } }))
      await docker.getContainer(Id).remove({ force: true, v: true })
    const { Volumes: left } = await docker.listVolumes({ filters: { name: [name] } })
    for (const volume of left ?? []) await docker.getVolume(volume.Name).remove()
    await rm(join(root, home), { recursive: true, force: true })
    await rm(shared, { recursive: true, force: true })
  })

  it('has checksums, and is small', async () => {
    expect((await readdir(shared)).filter((file) => file !== basename(AUTHORITIES)).sort()).toEqual([
      'SHA256SUMS',
      'berth-0.9.0.tgz',
      'berth-0.9.1.tgz',
    ])
    await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: shared })
  })

  it('is installed, and brings its own Node', async () => {
    await inside('npm install -g --no-audit --no-fund /mnt/berth-0.9.0.tgz')
    expect(await installed()).toBe('0.9.0')
    expect(await inside('berth --version')).toMatch(/^\d+\.\d+\.\d+$/)
    expect(await inside('readlink -f $(command -v berth)')).toMatch(/node_modules\/berth\/bin\/berth$/)
  })

  it('makes a workspace, and serves the page', async () => {
    await inside(`berth start ${name}`)
    expect(await inside(`berth exec ${name} -- cat /etc/hostname`)).toBe(name)
    const link = await inside('berth open --print')
    const { origin } = new URL(link.split('\n').at(-1) ?? '')
    expect(await inside(`curl -fsS ${origin}/`)).toContain('<title>Berth</title>')
  })

  it('is replaced by a newer one while workspaces run', async () => {
    await inside(`berth exec ${name} -- sh -c 'echo kept >~/kept; nohup sleep 600 >/dev/null 2>&1 &'`)
    const before = await inside(`berth info ${name} --json`)
    await inside('npm install -g --no-audit --no-fund /mnt/berth-0.9.1.tgz')
    await inside('berth quit')
    expect(await installed()).toBe('0.9.1')
    await inside(`berth wait ${name} --timeout 60s`)
    const after = await inside(`berth info ${name} --json`)
    expect(JSON.parse(after)).toMatchObject({ status: 'running', startedAt: JSON.parse(before).startedAt })
    expect(await inside(`berth exec ${name} -- sh -c 'cat ~/kept; pgrep -c sleep'`)).toBe('kept\n1')
  })

  it('is removed without what the workspaces have', async () => {
    await inside('berth quit')
    await inside('npm uninstall -g berth')
    await expect(inside('berth --version')).rejects.toThrow('berth: command not found')
    const { Volumes: volumes } = await docker.listVolumes({ filters: { name: [name] } })
    expect((volumes ?? []).map((volume) => volume.Name).sort()).toEqual([`workspace-${name}`, `workspace-${name}-docker`])
    await inside('npm install -g --no-audit --no-fund /mnt/berth-0.9.1.tgz')
    expect(await inside(`berth exec --start ${name} -- cat /home/workspace/kept`)).toBe('kept')
  })
})
