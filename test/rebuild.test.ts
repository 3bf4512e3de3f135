import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { killsIn, layersOf, useCrashTest } from './support/crash'
import { longIt } from './support/long'
import { docker, done, inside, running, uniqueName } from './support/test-core'

/** Makes a package of that name in a folder of that name. */
const makePackage = (name: string) => `
  mkdir -p /tmp/${name}/DEBIAN /tmp/${name}/usr/bin && printf '#!/bin/sh\\necho from ${name}\\n' >/tmp/${name}/usr/bin/${name} && chmod 755 /tmp/${name}/usr/bin/${name} &&
  printf 'Package: ${name}\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Test <test@example.org>\\nDescription: test\\n' >/tmp/${name}/DEBIAN/control &&
  dpkg-deb --build /tmp/${name} /tmp/${name}.deb >/dev/null`

/** An image with one package in a repository of its own, so that installing it takes no network. */
const OTHER = `FROM ${LOCAL_IMAGE}
RUN set -e; mkdir /opt/apt; cd /opt/apt; ${makePackage('of-test').replaceAll('\n', ' ')}; mv /tmp/of-test.deb .; \\
  printf 'Package: of-test\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: Test <test@example.org>\\nDescription: test\\nFilename: ./of-test.deb\\nSize: %s\\nSHA256: %s\\n' \\
    "$(stat -c %s of-test.deb)" "$(sha256sum of-test.deb | cut -d' ' -f1)" >Packages; \\
  rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] file:/opt/apt ./' >/etc/apt/sources.list; echo other >/opt/marker
`
const BROKEN = `FROM ${LOCAL_IMAGE}\nENTRYPOINT ["/bin/sh", "-c", "echo it is broken; exit 7"]\n`

async function buildImage(dockerfile: string): Promise<string> {
  const name = `${uniqueName('image')}:1`
  const context = tar.pack()
  context.entry({ name: 'Dockerfile' }, dockerfile)
  context.finalize()
  const stream = (await docker.buildImage(Readable.from(context), { t: name })) as Readable
  const lines = createInterface({ input: stream }).on('line', (line) => {
    const { error } = JSON.parse(line) as { error?: string }
    if (error !== undefined) stream.destroy(new Error(error))
  })
  await once(lines, 'close')
  await docker.getImage(name).inspect()
  return name
}

describe('a workspace that is rebuilt', () => {
  const crash = useCrashTest()
  const name = uniqueName('rebuild')
  let other = ''
  let broken = ''
  const core = () => crash.test.core
  const workspace = () => core().workspaces.get(name)
  const options = { snapshot: true, reinstall: false }
  const snapshots = () => core().copies.listSnapshots(name, { measure: false })
  const hostKeys = () => inside(core(), name, 'cat /etc/berth/ssh/*.pub')
  const rebuild = async (given: Parameters<ReturnType<typeof core>['rebuilds']['rebuild']>[1]) =>
    core().operations.whenEnded((await core().rebuilds.rebuild(name, given)).operation.id)
  /** All that lasts, in one text. */
  const state = () => inside(core(), name, 'cat ~/work; docker image ls -q tiny:1 | wc -l; hostname')

  beforeAll(async () => {
    const images = Promise.all([buildImage(OTHER), buildImage(BROKEN)])
    await done(core(), core().workspaces.start({ name }))
    await inside(
      core(),
      name,
      'echo home > ~/work; tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1 >/dev/null',
    )
    for (const made of ['of-test', 'of-lost']) {
      await inside(core(), name, `${makePackage(made)} && apt-get install -y -q --no-install-recommends /tmp/${made}.deb`, 'root')
    }
    const [first, second] = await images
    other = first
    broken = second
  }, 60_000)
  afterAll(async () => {
    await done(core(), core().workspaces.delete(name))
    for (const image of [other, broken]) await docker.getImage(image).remove({ force: true })
  })

  it('says beforehand what was installed by hand', async () => {
    const { signal } = new AbortController()
    const packages = ['of-lost', 'of-test']
    expect(await core().rebuilds.preview(name, { image: other }, signal)).toEqual({
      image: other,
      source: 'local',
      packages,
      unknown: null,
    })
  })

  it('is as before when the image does not start, with the reason', async () => {
    const [before, keys, container] = [await state(), await hostKeys(), workspace().containerId]
    const failed = await rebuild({ ...options, image: broken })
    expect(failed).toMatchObject({ status: 'failed', committed: false, error: { code: 'WORKSPACE_START_FAILED' } })
    expect(failed.error?.data).toMatchObject({ exitCode: 7, log: ['it is broken'] })
    await running(core(), name)
    expect(workspace()).toMatchObject({ image: LOCAL_IMAGE, problem: null, containerId: container })
    expect(await state()).toBe(before)
    expect(await inside(core(), name, 'of-test; of-lost')).toBe('from of-test\nfrom of-lost')
    expect(await hostKeys()).toBe(keys)
    expect(await snapshots()).toEqual([])
  })

  it('has the new image, keeps volumes, port and host keys, and installs again what there is', async () => {
    const [before, keys, { ports }] = [await state(), await hostKeys(), workspace()]
    const ended = await rebuild({ ...options, image: other, reinstall: true })
    expect(ended).toMatchObject({ status: 'succeeded', notices: ['These packages could not be installed: of-lost.'] })
    expect(workspace()).toMatchObject({ status: 'running', image: other, problem: null, ports })
    expect(await state()).toBe(before)
    expect(await inside(core(), name, 'cat /opt/marker; of-test; of-lost || echo gone')).toBe('other\nfrom of-test\ngone')
    expect(await hostKeys()).toBe(keys)
    expect(await snapshots()).toMatchObject([{ automatic: true, name: expect.stringMatching(/^before-rebuild-/) }])
    expect(await layersOf(workspace().id)).toEqual([])
  })

  it('that was stopped tells its packages too, is tried, and stopped again', async () => {
    await done(core(), core().workspaces.stop(name))
    await core().local.protection.reconcile()
    const { signal } = new AbortController()
    expect(await core().rebuilds.preview(name, { image: LOCAL_IMAGE }, signal)).toMatchObject({ packages: ['of-test'] })
    expect(await rebuild({ snapshot: false, reinstall: false, image: LOCAL_IMAGE })).toMatchObject({ status: 'succeeded' })
    expect(workspace()).toMatchObject({ status: 'stopped', image: LOCAL_IMAGE })
    await done(core(), core().workspaces.start({ name }))
    expect(await state()).toMatch(/^home\n/)
  })

  longIt.each(killsIn('workspace.rebuild'))(
    'killed $when step $step, it is wholly as before or wholly rebuilt',
    async ({ step, when, committed }) => {
      const [before, count] = [await inside(core(), name, 'cat /opt/marker || echo none'), (await snapshots()).length]
      const image = before === 'other' ? LOCAL_IMAGE : other
      await crash.crashAndRecover({ action: 'rebuild', name, other: image, kill: { step, when } })
      expect(workspace()).toMatchObject({ status: 'running', problem: null, operationId: null })
      const after = before === 'other' ? 'none' : 'other'
      expect(await inside(core(), name, 'cat ~/work; cat /opt/marker || echo none')).toBe(`home\n${committed ? after : before}`)
      expect(await snapshots()).toHaveLength(committed ? count + 1 : count)
      const filters = { label: [`dev.berth.id=${workspace().id}`] }
      // Keepers have the labels of the layers that they keep.
      const containers = await docker.listContainers({ all: true, filters })
      expect(containers.filter(({ Labels }) => Labels['dev.berth.role'] === 'workspace')).toHaveLength(1)
      expect((await docker.listVolumes({ filters })).Volumes ?? []).toHaveLength(2 + 2 * (await snapshots()).length)
    },
  )
})
