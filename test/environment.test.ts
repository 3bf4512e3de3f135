import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, done, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

const difficult = {
  LINES: 'one\ntwo\n\n three \n',
  QUOTES: `"double" 'single' "unclosed`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no shell may take it for one of its own.
  EXPANSIONS: '$HOME ${HOME} $(id) `id` !x ~ * ; & | > /tmp/x',
  BACKSLASHES: '\\ \\n \\\\ end\\',
  UNICODE: 'naïve – 日本語 🚢 \u202e',
  SPACES: '  before and after  ',
  TABS: '\tbefore and after\t',
  HASH: '# no comment',
  EMPTY: '',
  EQUALS: '=a=b=',
  PERCENT: '%s %d %%',
  CARRIAGE: 'a\r\nb\r',
  LONG: 'x'.repeat(120_000),
}

/** Answers whoever asks. */
const SERVE =
  'perl -MIO::Socket::INET -e \'$s=IO::Socket::INET->new(LocalPort=>8131,Listen=>5,ReuseAddr=>1);while($c=$s->accept){<$c>;print $c "HTTP/1.0 200 OK\\r\\n\\r\\ndirect\\n";close $c}\''

/** By NUL, so that no value can be taken for another variable. */
function variables(output: string): Record<string, string> {
  const entries = output.split('\0').filter((entry) => entry.includes('='))
  return Object.fromEntries(entries.map((entry) => [entry.slice(0, entry.indexOf('=')).trim(), entry.slice(entry.indexOf('=') + 1)]))
}

describe('variables with difficult values arrive byte for byte', () => {
  let test: TestCore
  const name = uniqueName('env')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name, env: difficult }))
  })
  afterAll(() => test.dispose())

  const exec = async (command: string[], user: 'workspace' | 'root' = 'workspace') => {
    const { stdout, stderr, exitCode } = await test.core.workspaces.exec(name, { command, user })
    if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${stderr}`)
    return stdout
  }
  const ssh = async (options: string[], command: string[]) => {
    const { stdout } = await run('ssh', ['-F', test.core.info.sshConfigPath, ...options, `${name}.berth`, ...command], {
      encoding: 'utf8',
      maxBuffer: 4 * 1024 * 1024,
    })
    return stdout
  }

  it('in a command', async () => {
    expect(variables(await exec(['env', '-0']))).toMatchObject(difficult)
  })

  it('in a login shell', async () => {
    expect(variables(await exec(['bash', '-lc', 'env -0']))).toMatchObject(difficult)
  })

  it('in a command over ssh', async () => {
    expect(variables(await ssh([], ['env', '-0']))).toMatchObject(difficult)
  })

  it('in a session over ssh, with a terminal', async () => {
    // A terminal would change the bytes on their way here.
    await ssh(['-tt'], ['bash -lic "env -0 > /tmp/session-environment"'])
    expect(variables(await exec(['cat', '/tmp/session-environment']))).toMatchObject(difficult)
  })

  it('of another user, by sudo -i', async () => {
    expect(variables(await exec(['sudo', '-i', 'env', '-0']))).toMatchObject(difficult)
  })

  it('a proxy is the nested engine’s and that of what it builds and runs, loopback goes without it, and it goes again', async () => {
    const asked: string[] = []
    const proxy = createServer((_, response) => response.writeHead(502).end()).on('connect', (request, socket) => {
      asked.push(request.url ?? '')
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    proxy.listen(0)
    await once(proxy, 'listening')
    const address = proxy.address()
    if (address === null || typeof address === 'string') throw new Error('it has no port')
    const url = `http://host.docker.internal:${address.port}`
    const restartWith = async (value: string | null) => {
      await test.core.workspaces.update(name, { env: { HTTPS_PROXY: value, HTTP_PROXY: value } })
      await done(test.core, test.core.workspaces.restart(name))
    }
    const settings = async () => JSON.parse(await exec(['cat', '/home/workspace/.docker/config.json']))
    await exec(['sh', '-c', 'mkdir -p ~/.docker; echo \'{"currentContext":"default"}\' > ~/.docker/config.json'])
    try {
      await restartWith(url)
      await exec(['sh', '-c', 'docker pull registry.invalid/none 2>/dev/null || true'])
      expect(asked).toContain('registry.invalid:443')
      await exec(['bash', '-c', 'tar -ch -C / bin/sh $(ldd /bin/sh | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1'])
      expect(await exec(['docker', 'run', '--rm', 'tiny:1', '/bin/sh', '-c', 'echo $http_proxy $NO_PROXY'])).toBe(
        `${url} localhost,127.0.0.1,::1\n`,
      )
      await exec(['bash', '-c', `${SERVE} >/dev/null 2>&1 & sleep 1`])
      expect(await exec(['curl', '-s', 'http://localhost:8131/'])).toBe('direct\n')
      expect(await settings()).toMatchObject({ currentContext: 'default', proxies: { default: { httpProxy: url } } })
    } finally {
      await restartWith(null)
      proxy.close()
    }
    expect(await settings()).toEqual({ currentContext: 'default' })
  })
})
