import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { debianObstacle, ensureRoot } from '../support/debian-system'
import { itLivesAsPackage } from './life-of-package'

const run = promisify(execFile)
const ROOT = 'debian-13'
const obstacle = debianObstacle(ROOT)
const architecture = process.arch === 'x64' ? 'amd64' : process.arch
const roots: string[] = []

/** Each gets a system of its own, on which nothing was ever installed. */
async function freshRoot(): Promise<string> {
  const kept = await ensureRoot(ROOT, ['ca-certificates', 'curl'])
  const root = await mkdtemp(join(tmpdir(), 'berth-debian-'))
  roots.push(root)
  await run('cp', ['--archive', '--reflink=auto', `${kept}/.`, root])
  return root
}

const packageKinds = [
  {
    packageName: 'berth-server',
    program: '/usr/lib/berth/bin/berth',
    ports: { from: 24000, to: 24039 },
    argumentsOf: async () => ['--without-window'],
  },
  {
    packageName: 'berth',
    program: '/opt/Berth/resources/berth/bin/berth',
    ports: { from: 24040, to: 24079 },
    // Electron itself is what stands in for it, and is not started here.
    argumentsOf: async (checkout: string) => {
      const { stdout } = await run('node', ['test/electron-stand-in/build-app.mjs', join(checkout, 'dist')], { cwd: checkout })
      return ['--app', stdout.trim()]
    },
  },
]

for (const { packageName, program, ports, argumentsOf } of packageKinds)
  describe.skipIf(obstacle !== null)(`the Debian package ${packageName}${obstacle === null ? '' : ` (${obstacle})`}`, () => {
    const file = (version: string) => `${packageName}_${version}_${architecture}.deb`
    afterAll(async () => {
      for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
    })

    itLivesAsPackage(
      {
        id: packageName === 'berth' ? 'deb' : 'deb-server',
        root: freshRoot,
        pack: async (checkout, outDir) => {
          const options = ['--fast', ...(await argumentsOf(checkout))]
          await run('node', [join(checkout, 'script/lib/package-deb.mjs'), outDir, ...options], { cwd: checkout })
        },
        file,
        install: (version) => `apt-get install -y -qq --no-install-recommends /mnt/${file(version)} 2>&1`,
        remove: `apt-get remove -y -qq ${packageName} 2>&1`,
        says: {
          upgrading: 'Berth is running, and stays the old version until it is restarted',
          removing: [
            'Ending the Berth that is running. Its workspaces keep running.',
            'Berth is removed. Your workspaces are not: their containers and volumes stay on the Docker engine',
            'docker volume ls --filter label=dev.berth.id',
          ],
        },
        program,
        ports,
      },
      (machine) => {
        it('has a manual page and completion, and belongs to root', async () => {
          const { inside } = machine()
          const listed = (await inside(`dpkg -L ${packageName}`)).split('\n')
          expect(listed).toEqual(
            expect.arrayContaining(['/usr/share/man/man1/berth.1.gz', '/usr/share/bash-completion/completions/berth', '/usr/bin/berth']),
          )
          expect(await inside(`dpkg --verify ${packageName}`)).toBe('')
          // Node packages that were built by an ordinary user, or with another umask, would stand out here.
          expect(await inside(`find ${program.replace(/\/bin\/berth$/, '')} ! -user root -o -perm /022 ! -type l | head`)).toBe('')
        })

        if (packageName === 'berth-server')
          it('has a service that systemd understands', async () => {
            const { inside } = machine()
            await expect(inside('berth service install')).rejects.toThrow('systemctl is not installed here.')
            await inside('apt-get install -y -qq --no-install-recommends systemd')
            await inside('berth service install --port 7437 --print >/run/berth.service')
            expect(await inside('XDG_RUNTIME_DIR=/run systemd-analyze --user --man=no verify /run/berth.service 2>&1')).toBe('')
            // It notices what is wrong.
            const wrong = `sed 's/^KillMode=.*/KillMode=sometimes/; s/^ExecStart="[^"]*"/ExecStart="\\/nowhere"/' /run/berth.service >/run/wrong.service`
            await expect(
              inside(`${wrong}; XDG_RUNTIME_DIR=/run systemd-analyze --user --man=no verify /run/wrong.service`),
            ).rejects.toThrow('KillMode')
            // There is no systemd that runs.
            await expect(inside('berth service install')).rejects.toThrow('systemd does not answer for the user root')
            expect(await inside('ls ~/.config/systemd/user 2>/dev/null || echo nothing')).toBe('nothing')
          })

        if (packageName === 'berth-server')
          it('is a service of a user’s systemd: started, started again after a crash, stopped and removed', async () => {
            const { inside, shared } = machine()
            await cp(join(import.meta.dirname, 'service-life.sh'), join(shared, 'service-life.sh'))
            const said = await inside('bash /mnt/service-life.sh')
            const lines = said.split('\n').map((line) => line.trim())
            expect(lines).toEqual(
              expect.arrayContaining([
                ...['status: The service is running.', 'restarted: yes', 'after quit: inactive', 'started: active', 'left:'],
              ]),
            )
            expect(said).toContain('Written: ')
            expect(said).toContain('The service is running, and starts at each login.')
            expect(said).toContain('“loginctl enable-linger root”')
            expect(said).toContain('Removed: ')
            expect(said).toContain('error: No Berth runs in ')
            // Its page’s address has the key, and is in no journal.
            expect(said).not.toContain('#token=')
          })

        if (packageName === 'berth')
          it('has what a desktop asks for', async () => {
            const { inside } = machine()
            const entry = await inside('cat /usr/share/applications/berth-desktop.desktop')
            expect(entry).toContain('Exec=/opt/Berth/berth-desktop %U')
            expect(entry).toContain('MimeType=application/vnd.berth.workspace;x-scheme-handler/berth;')
            expect(await inside('readlink -f /usr/bin/berth-desktop')).toBe('/opt/Berth/berth-desktop')
            expect(
              await inside('test -s /usr/share/icons/hicolor/512x512/apps/berth-desktop.png && cat /opt/Berth/resources/package-type'),
            ).toBe('deb')
            // xdg-utils brings the databases.
            expect(await inside('grep -r berth /usr/share/applications/mimeinfo.cache /usr/share/mime/globs2 || true')).toMatch(/berth/)
          })
      },
    )
  })
