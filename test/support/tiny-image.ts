import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { LOCAL_IMAGE } from '../../src/main/images/images'

export const TINY_IMAGE = 'tiny:1'

/** Gives an engine an image with nothing in it but `sleep`, what it loads and the names of users, taken from the workspace image of the machine's engine. */
export async function importTinyImage(endpoint: string): Promise<void> {
  const pack = 'tar -ch -C / etc/passwd bin/sleep $(ldd /bin/sleep | grep -o "/[^ ]*")'
  const source = spawn('docker', ['run', '--rm', '--entrypoint', 'sh', LOCAL_IMAGE, '-c', pack], { stdio: ['ignore', 'pipe', 'ignore'] })
  const target = spawn('docker', ['--host', endpoint, 'import', '-', TINY_IMAGE], { stdio: ['pipe', 'ignore', 'inherit'] })
  source.stdout.pipe(target.stdin)
  const [code] = await once(target, 'exit')
  if (code !== 0) throw new Error(`the engine did not take ${TINY_IMAGE}`)
}
