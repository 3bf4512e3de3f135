import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, docker, done, running, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)

const COUNT = 200
const SEED = 20_261

/** What shells, PAM, sshd, cron and engines have been known to take for something of their own. */
const PIECES = [
  ...['\n', '\n\n', '\r\n', '\t', ' ', '  ', '=', '#', ';', '&', '|', '<', '>', '*', '?', '~', '!', '%', '%%', '%s', ',', ':'],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '\\0',
    '\\\n',
    '$',
    '$HOME',
    '$(id)',
    '`id`',
    '${',
    '}',
    '[',
    ']',
    '(',
    ')',
    '--',
    '@{HOME}',
    '\u0001',
    '\u001b[31m',
    '\u007f',
  ],
  ...['a', 'Z', '0', 'export X=1', 'NAME=value', 'é', 'ß', '日本語', '🚢', '👩‍👩‍👧', '\u202e', '\ufeff', '\u00a0', '\u2028'],
]

/** The same at each run: some chosen, the rest of pieces put together at random. */
function difficultValues(): Record<string, string> {
  let state = SEED
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const values = ['', ' ', '\n', '=', '#', '"', "'", '\\', '$', '-e', 'x'.repeat(120_000), 'é\n'.repeat(40_000)]
  while (values.length < COUNT) values.push(Array.from({ length: 1 + random(30) }, () => PIECES[random(PIECES.length)]).join(''))
  return Object.fromEntries(values.map((value, index) => [`VALUE_${index}`, value]))
}

const difficult = difficultValues()

/** Answers whoever asks. */
const SERVE =
  'perl -MIO::Socket::INET -e \'$s=IO::Socket::INET->new(LocalPort=>8131,Listen=>5,ReuseAddr=>1);while($c=$s->accept){<$c>;print $c "HTTP/1.0 200 OK\\r\\n\\r\\ndirect\\n";close $c}\''

/** Names of those that did not arrive as they are; entries end with NUL, so that no value can be taken for another variable. */
function different(output: string, expected: Record<string, string> = difficult): string[] {
  const entries = output.split('\0').filter((entry) => entry.includes('='))
  const found = new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')).trim(), entry.slice(entry.indexOf('=') + 1)]))
  return Object.keys(expected).filter((name) => found.get(name) !== expected[name])
}

describe(`${COUNT} variables with difficult values`, () => {
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
  const written = async (file: string) => {
    await exec(['timeout', '20', 'sh', '-c', 'until [ -e "$1" ]; do sleep 0.05; done', 'sh', file])
    return exec(['cat', file])
  }
  /** Whatever cron has to do at the start of the machine, it does now. */
  const fromCron = async () => {
    const line = '@reboot env -0 >/tmp/cron.part && mv /tmp/cron.part /tmp/cron-environment'
    await exec(['sh', '-c', `rm -f /tmp/cron-environment; echo '${line}' | crontab -`])
    await exec(['sh', '-c', 'rm -f /run/crond.reboot; pkill -x cron'], 'root')
    return written('/tmp/cron-environment')
  }

  it('arrive in a command', async () => {
    expect(different(await exec(['env', '-0']))).toEqual([])
  })

  it('arrive in a shell that is not a login shell', async () => {
    expect(different(await exec(['bash', '-ic', 'env -0']))).toEqual([])
  })

  it('arrive in a login shell', async () => {
    expect(different(await exec(['bash', '-lc', 'env -0']))).toEqual([])
  })

  it('arrive in a command over ssh', async () => {
    expect(different(await ssh([], ['env', '-0']))).toEqual([])
  })

  it('arrive in a session over ssh, with a terminal', async () => {
    // A terminal would change the bytes on their way here.
    await ssh(['-tt'], ['bash -lic "env -0 > /tmp/session-environment"'])
    expect(different(await exec(['cat', '/tmp/session-environment']))).toEqual([])
  })

  it('arrive with another user, by sudo -i', async () => {
    expect(different(await exec(['sudo', '-i', 'env', '-0']))).toEqual([])
  })

  it('arrive in what VS Code’s server starts: a program that was left running by an ssh command', async () => {
    const server = 'sleep 0.2; env -0 >/tmp/server.part; mv /tmp/server.part /tmp/server-environment'
    await ssh([], [`nohup setsid sh -c '${server}' >/dev/null 2>&1 </dev/null &`])
    expect(different(await written('/tmp/server-environment'))).toEqual([])
  })

  it('arrive in a job of cron', async () => {
    if ((await exec(['sh', '-c', 'command -v cron || true'], 'root')) === '') {
      await exec(['sh', '-c', 'apt-get update -qq && apt-get install -y -qq --no-install-recommends cron'], 'root')
      await done(test.core, test.core.workspaces.restart(name))
    }
    expect(different(await fromCron())).toEqual([])
  })

  it('arrive in a nested container, by docker run -e NAME', async () => {
    await exec([
      'bash',
      '-c',
      'tar -ch -C / bin/sh usr/bin/env $(ldd /bin/sh /usr/bin/env | grep -o "/[^ ]*lib[^ ]*" | sort -u) 2>/dev/null | docker import - tiny:1',
    ])
    const names = Object.keys(difficult).flatMap((variable) => ['-e', variable])
    expect(different(await exec(['docker', 'run', '--rm', ...names, 'tiny:1', '/usr/bin/env', '-0']))).toEqual([])
    expect(different(await ssh([], ['docker', 'run', '--rm', ...names, 'tiny:1', '/usr/bin/env', '-0']))).toEqual([])
  })

  it('are nowhere in the container’s configuration or layer', async () => {
    const container = docker.getContainer(test.core.workspaces.get(name).containerId ?? '')
    const { Config } = await container.inspect()
    expect(Config.Env.filter((entry) => entry.startsWith('VALUE_'))).toEqual([])
    const search = "grep -rlE 'VALUE_[0-9]+=' /etc /opt /root /srv /usr/local /var/lib/berth /var/log 2>/dev/null || true"
    expect(await exec(['sh', '-c', search], 'root')).toBe('')
    expect(await exec(['readlink', '/etc/berth/environment'])).toBe('/run/berth/environment\n')
    expect(await exec(['sh', '-c', 'cat /run/berth/environment 2>&1 || true'])).toContain('Permission denied')
  })

  it('are those of now for whatever starts after a change', async () => {
    await test.core.workspaces.update(name, { env: { VALUE_20: 'changed\n', VALUE_21: null, NEW: 'é' } })
    const expected = { VALUE_20: 'changed\n', VALUE_22: difficult.VALUE_22 ?? '', NEW: 'é' }
    const outputs = { ssh: await ssh([], ['env', '-0']), sudo: await exec(['sudo', '-i', 'env', '-0']), cron: await fromCron() }
    for (const [kind, output] of Object.entries(outputs)) {
      expect(different(output, expected), kind).toEqual([])
      expect(output, kind).not.toContain('\0VALUE_21=')
    }
  })

  it('arrive in a workspace that was started outside Berth, once Berth sees it running', async () => {
    await docker.getContainer(test.core.workspaces.get(name).containerId ?? '').restart()
    await expect.poll(() => test.core.workspaces.get(name).status, { interval: 10 }).not.toBe('running')
    await running(test.core, name)
    expect(different(await ssh([], ['env', '-0']), { VALUE_22: difficult.VALUE_22 ?? '', NEW: 'é' })).toEqual([])
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
