import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sshHostsText } from './ssh-hosts-text'

const run = promisify(execFile)

/** All that ssh_config(5) of OpenSSH 9.2 has, with a value that is not the default. `CanonicalizeHostname` is left out of it: see below. */
const HOSTILE = `
AddKeysToAgent yes
AddressFamily inet6
BatchMode yes
BindAddress 10.1.2.3
BindInterface eth7
CanonicalDomains example.com
CanonicalizeFallbackLocal no
CanonicalizeHostname always
CanonicalizeMaxDots 5
CanonicalizePermittedCNAMEs *.a:*.b
CASignatureAlgorithms rsa-sha2-512
CertificateFile /u/cert
CheckHostIP yes
Ciphers aes128-cbc
ClearAllForwardings yes
Compression yes
ConnectionAttempts 7
ConnectTimeout 1
ControlMaster auto
ControlPath ~/.ssh/cm-%r@%h
ControlPersist 10m
DynamicForward 1080
EnableSSHKeysign yes
EscapeChar none
ExitOnForwardFailure yes
FingerprintHash md5
ForwardAgent yes
ForwardX11 yes
ForwardX11Timeout 1
ForwardX11Trusted no
GatewayPorts yes
GlobalKnownHostsFile /u/global
HashKnownHosts yes
HostbasedAcceptedAlgorithms rsa-sha2-512
HostbasedAuthentication yes
HostKeyAlgorithms rsa-sha2-512
HostKeyAlias elsewhere
HostName elsewhere.example.com
IdentitiesOnly no
IdentityAgent /u/agent
IdentityFile /u/id
IPQoS none
KbdInteractiveAuthentication yes
KbdInteractiveDevices pam
KexAlgorithms diffie-hellman-group14-sha1
LocalCommand touch /tmp/never
LocalForward 8080 localhost:80
LogLevel DEBUG3
MACs hmac-sha1
NoHostAuthenticationForLocalhost yes
NumberOfPasswordPrompts 9
PasswordAuthentication yes
PermitLocalCommand yes
PKCS11Provider /u/pkcs11.so
Port 2
PreferredAuthentications password
ProxyCommand nc elsewhere 22
ProxyJump jump.example.com
ProxyUseFdpass yes
PubkeyAcceptedAlgorithms rsa-sha2-512
PubkeyAuthentication no
RekeyLimit 1G
RemoteCommand reboot
RemoteForward 9090 localhost:90
RequestTTY force
RevokedHostKeys /u/revoked
SecurityKeyProvider /u/sk.so
SendEnv LANG LC_*
ServerAliveCountMax 9
ServerAliveInterval 9
SetEnv FOO=bar
StreamLocalBindMask 0000
StreamLocalBindUnlink yes
StrictHostKeyChecking no
SyslogFacility LOCAL7
TCPKeepAlive no
Tunnel yes
TunnelDevice 3
UpdateHostKeys yes
User somebody
UserKnownHostsFile /u/known
VerifyHostKeyDNS yes
VisualHostKey yes
XAuthLocation /u/xauth
`.trim()

/** What the user's config can change, and why that is fine. */
const LEFT_TO_THE_USER = new Map([
  ...['batchmode', 'escapechar', 'fingerprinthash', 'loglevel', 'syslogfacility', 'visualhostkey'].map((name) => [name, 'taste'] as const),
  ...['connectionattempts', 'ipqos', 'rekeylimit', 'serveralivecountmax', 'serveraliveinterval', 'tcpkeepalive'].map(
    (name) => [name, 'how the connection is kept'] as const,
  ),
  ...['forwardagent', 'identityagent'].map((name) => [name, 'the user decides who may use the agent'] as const),
  ...['gatewayports', 'streamlocalbindmask', 'streamlocalbindunlink'].map((name) => [name, 'of forwards of the command line'] as const),
  ...['dynamicforward', 'localforward', 'remoteforward'].map((name) => [name, 'gathered; a failure does not matter'] as const),
  ...['sendenv', 'setenv'].map((name) => [name, 'the server decides which it takes'] as const),
  ...['identityfile', 'certificatefile'].map((name) => [name, 'gathered; Berth’s key is tried first, and no certificate'] as const),
  ...['casignaturealgorithms', 'securitykeyprovider'].map(
    (name) => [name, 'of certificates and security keys, which are not used'] as const,
  ),
  ...['hostbasedacceptedalgorithms', 'enablesshkeysign', 'numberofpasswordprompts', 'kbdinteractivedevices'].map(
    (name) => [name, 'of ways in that are not tried'] as const,
  ),
  ...['canonicaldomains', 'canonicalizefallbacklocal', 'canonicalizemaxdots', 'canonicalizepermittedcnames'].map(
    (name) => [name, 'names are not canonicalized'] as const,
  ),
  ...['forwardx11timeout', 'forwardx11trusted', 'xauthlocation'].map((name) => [name, 'X11 is not forwarded'] as const),
  ['bindinterface', 'BindAddress goes before it'],
  ['hashknownhosts', 'no key is written'],
  ['localcommand', 'PermitLocalCommand goes before it'],
  ['tunneldevice', 'there is no tunnel'],
])

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
  const host = { id: 'w1', name: 'demo', sshPort: 2201, hostKeys: ['ssh-ed25519 AAAA'], credentials: 'shared' as const }
  const text = sshHostsText([host, { ...host, id: 'w2', name: 'other', sshPort: 2202 }], {
    key: '/b/id',
    knownHosts: '/b/known_hosts',
    forwardAgent: null,
  })
  await writeFile(join(folder, 'berth'), text)
})
afterAll(() => rm(folder, { recursive: true }))

/** What ssh makes of a user's config that includes Berth's: a value, or several, for each option. */
async function resolved(host: string, userConfig: string): Promise<Map<string, string[]>> {
  const file = join(folder, 'user')
  await writeFile(file, `Include ${join(folder, 'berth')}\n${userConfig}`)
  // What it says on its own is as much as the user's LogLevel asks for.
  const { stdout } = await run('ssh', ['-T', '-G', '-F', file, host])
  const options = new Map<string, string[]>()
  for (const line of stdout.trim().split('\n')) {
    const [written = '', ...value] = line.split(' ')
    const name = written.toLowerCase()
    options.set(name, [...(options.get(name) ?? []), value.join(' ')])
  }
  return options
}

it.each(['Host *', 'Match all', 'Match final all', 'Host *.berth'])(
  'depends on nothing that the user wrote under %s, but for what is left to them',
  async (block) => {
    const hostile = await resolved('demo.berth', `${block}\n${HOSTILE}\n`)
    const plain = await resolved('demo.berth', '')
    const changed = [...new Set([...plain.keys(), ...hostile.keys()])].filter(
      (name) => hostile.get(name)?.join() !== plain.get(name)?.join(),
    )
    expect(changed.filter((name) => !LEFT_TO_THE_USER.has(name))).toEqual([])
    expect(hostile.get('identityfile')?.[0]).toBe('/b/id')
    for (const name of ['proxyjump', 'proxycommand', 'controlpath', 'remotecommand', 'revokedhostkeys', 'pkcs11provider']) {
      expect(hostile.has(name), name).toBe(false)
    }
  },
)

it('gives each workspace a port and a host key of its own', async () => {
  const other = await resolved('other.berth', '')
  expect([other.get('port'), other.get('hostkeyalias'), other.get('user')]).toEqual([['2202'], ['w2.berth'], ['workspace']])
})

it('speaks what a version of ssh speaks by itself', async () => {
  const { stdout } = await run('ssh', ['-T', '-G', '-F', '/dev/null', 'demo.berth'])
  const defaults = new Map(stdout.split('\n').map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]))
  const options = await resolved('demo.berth', `Host *\n${HOSTILE}\n`)
  for (const name of ['ciphers', 'macs', 'kexalgorithms', 'hostkeyalgorithms']) expect(options.get(name)).toEqual([defaults.get(name)])
})

it('leaves other hosts as they were', async () => {
  const withBerth = await resolved('example.com', `Host *\n${HOSTILE.replace(/^Canonicalize.*$/gm, '')}\n`)
  await writeFile(join(folder, 'alone'), (await readFile(join(folder, 'user'), 'utf8')).replace(/^Include.*$/m, ''))
  const { stdout } = await run('ssh', ['-T', '-G', '-F', join(folder, 'alone'), 'example.com'])
  expect([...withBerth].flatMap(([name, values]) => values.map((value) => `${name} ${value}`)).sort()).toEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\S+/, (name) => name.toLowerCase()))
      .sort(),
  )
})
