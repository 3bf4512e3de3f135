import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const VERSION = '3.2.0'
const START_MS = 20_000

export interface Wetty {
  url: string
  close(): Promise<void>
}

/** wetty over `docker exec` into a container, installed into a temporary folder; a string says why it cannot be had. */
export async function startWetty(containerId: string): Promise<Wetty | string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-wetty-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const install = spawn('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', `wetty@${VERSION}`], {
    stdio: 'ignore',
  })
  const [code] = await once(install, 'exit')
  if (code !== 0) {
    await remove()
    return `npm could not install wetty ${VERSION}.`
  }
  const port = await freePort()
  const command = `docker exec -it --user workspace ${containerId} bash`
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/wetty/build/main.js'), '--host', '127.0.0.1', '--port', String(port), '--base', '/', '--command', command],
    { stdio: 'ignore', cwd: folder },
  )
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await remove()
  }
  const url = `http://127.0.0.1:${port}/`
  if (await answers(url)) return { url, close }
  await close()
  return `wetty ${VERSION} did not start.`
}

async function answers(url: string): Promise<boolean> {
  for (const end = performance.now() + START_MS; performance.now() < end; await sleep(100)) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return true
  }
  return false
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('There is no free port.'))))
    })
  })
}
