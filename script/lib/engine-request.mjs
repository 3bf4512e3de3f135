// Talks to the Docker engine without a docker command.
//   node engine-request.mjs ping                 exits 0 when an engine answers
//   node engine-request.mjs has REFERENCE          exits 0 when the engine has that image
//   node engine-request.mjs import REPO TAG      makes an image of the tar archive on stdin
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

const [command, ...rest] = process.argv.slice(2)
const docker = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker')

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The hosts to try, as Docker's own tools and Berth do. */
function hosts() {
  if (process.env.DOCKER_HOST) return [process.env.DOCKER_HOST]
  const context = process.env.DOCKER_CONTEXT ?? readJson(join(docker, 'config.json')).currentContext
  if (context && context !== 'default') {
    const id = createHash('sha256').update(context).digest('hex')
    const host = readJson(join(docker, 'contexts/meta', id, 'meta.json')).Endpoints?.docker?.Host
    if (host) return [host]
  }
  const runtime = process.env.XDG_RUNTIME_DIR
  return [
    '/var/run/docker.sock',
    runtime && join(runtime, 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    join(homedir(), '.colima/default/docker.sock'),
    join(homedir(), '.rd/docker.sock'),
    join(homedir(), '.orbstack/run/docker.sock'),
    runtime && join(runtime, 'podman/podman.sock'),
    '/run/podman/podman.sock',
  ].flatMap((path) => (path && existsSync(path) ? [`unix://${path}`] : []))
}

function connection(host) {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length), headers: { Host: 'docker' } }
  const url = new URL(host.replace(/^tcp:/, 'http:'))
  return { host: url.hostname, port: url.port || 2375 }
}

/** Over ssh and TLS only Berth itself can ask. */
const beyondThis = (host) => !/^(unix|tcp|http):/.test(host) || Boolean(process.env.DOCKER_TLS_VERIFY)

function send(host, method, path, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...connection(host), method, path, timeout: body ? 0 : 5000 }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
      response.on('error', reject)
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')))
    outgoing.on('error', reject)
    if (body) body.pipe(outgoing)
    else outgoing.end()
  })
}

async function answering() {
  for (const host of hosts()) {
    if (beyondThis(host)) return host
    try {
      if ((await send(host, 'GET', '/_ping')).status === 200) return host
    } catch {
      // Not this one: the next may answer.
    }
  }
  return null
}

const host = await answering()
if (host === null) process.exit(1)
if (command === 'import') {
  const [repository, tag] = rest
  const query = new URLSearchParams({ fromSrc: '-', repo: repository, tag })
  const { status, text } = await send(host, 'POST', `/images/create?${query}`, process.stdin)
  if (status !== 200 || text.includes('"errorDetail"')) {
    console.error(`The engine did not take the image (${status}): ${text.trim()}`)
    process.exit(1)
  }
} else if (command === 'has') {
  const { status } = await send(host, 'GET', `/images/${encodeURIComponent(rest[0])}/json`)
  process.exit(status === 200 ? 0 : 1)
} else if (command !== 'ping') {
  console.error(`Unknown command: ${command}`)
  process.exit(2)
}
