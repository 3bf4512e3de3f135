/**
 * What ssh is told about every workspace besides where it is, so that a connection depends on what Berth wrote and not on the user's
 * `Host *`. ssh takes the first value it finds, and Berth's file is included at the top.
 *
 * Only options that OpenSSH 7.8 knows already: an unknown one would make ssh refuse the whole config, for all hosts, and `IgnoreUnknown`
 * would take the place of the user's own. Hence also the former names of two of them, which newer versions still take.
 *
 * Left to the user, since they are taste or do no harm: what ssh says (`LogLevel`, `VisualHostKey`, …), how it keeps a connection alive,
 * `EscapeChar`, `IPQoS`, `SetEnv`, and the agent (`IdentityAgent`). `ForwardAgent` follows the setting `sshAgent`.
 *
 * Not to be stopped, because ssh gathers them from all blocks, and what clears them would clear the command line's too: `LocalForward`,
 * `RemoteForward`, `DynamicForward` and `SendEnv` (the workspace's server decides which variables it takes), `IdentityFile` and
 * `CertificateFile` (Berth's key comes first, and no certificate is tried).
 */
export const SSH_CLIENT_OPTIONS: readonly { option: string; value: string; reason: string }[] = [
  // Where the connection goes.
  { option: 'ProxyJump', value: 'none', reason: 'a workspace is on this machine, not behind a jump host' },
  { option: 'ProxyCommand', value: 'none', reason: 'the same for a proxy' },
  { option: 'ProxyUseFdpass', value: 'no', reason: 'belongs to a proxy' },
  { option: 'AddressFamily', value: 'inet', reason: 'the port is bound to an IPv4 address; "inet6" would not reach it' },
  { option: 'BindAddress', value: '127.0.0.1', reason: 'loopback cannot be reached from another address; goes before BindInterface' },
  { option: 'CanonicalizeHostname', value: 'no', reason: 'the name is Berth’s, not one of DNS' },
  { option: 'ConnectTimeout', value: '30', reason: 'a second, meant for a fast network, may be too short for a busy engine' },
  // A shared connection is found by its ControlPath: with %h, all workspaces would share one, as all are at 127.0.0.1.
  { option: 'ControlMaster', value: 'no', reason: 'no connection is shared between workspaces' },
  { option: 'ControlPath', value: 'none', reason: 'an existing shared connection may lead to another workspace' },
  { option: 'ControlPersist', value: 'no', reason: 'belongs to shared connections' },

  // Who is there.
  { option: 'GlobalKnownHostsFile', value: 'none', reason: 'Berth knows all the keys; "@revoked *" there would refuse them' },
  { option: 'RevokedHostKeys', value: 'none', reason: 'the same; a file that is missing refuses every host' },
  { option: 'CheckHostIP', value: 'no', reason: 'all workspaces have the same address' },
  { option: 'UpdateHostKeys', value: 'no', reason: 'the file is Berth’s to write' },
  { option: 'VerifyHostKeyDNS', value: 'no', reason: 'the name is not one of DNS' },
  { option: 'NoHostAuthenticationForLocalhost', value: 'no', reason: '"yes" would not check the keys of workspaces at all' },
  { option: 'HostKeyAlgorithms', value: '+ssh-ed25519', reason: 'the defaults (a “+” adds to them): workspaces have an ed25519 key' },

  // Who logs in.
  { option: 'IdentitiesOnly', value: 'yes', reason: 'many keys in an agent end in “Too many authentication failures”' },
  { option: 'PubkeyAuthentication', value: 'yes', reason: 'the only way in' },
  { option: 'PreferredAuthentications', value: 'publickey', reason: 'nothing else is tried, and no password asked for' },
  {
    option: 'PubkeyAcceptedKeyTypes',
    value: 'ssh-ed25519',
    reason: 'Berth’s key is one; the user’s certificates would be tried before it',
  },
  { option: 'HostbasedAuthentication', value: 'no', reason: 'not a way in' },
  { option: 'PasswordAuthentication', value: 'no', reason: 'not a way in' },
  { option: 'ChallengeResponseAuthentication', value: 'no', reason: 'not a way in' },
  { option: 'PKCS11Provider', value: 'none', reason: 'a token would be asked for its PIN' },
  { option: 'AddKeysToAgent', value: 'no', reason: 'Berth’s key is not for the user’s agent' },

  // What is spoken. “+” adds to the defaults, which have the value already: the defaults of every version.
  { option: 'Ciphers', value: '+aes256-ctr', reason: 'the defaults: what a workspace offers are its image’s' },
  { option: 'MACs', value: '+hmac-sha2-256', reason: 'the same' },
  { option: 'KexAlgorithms', value: '+curve25519-sha256', reason: 'the same' },
  { option: 'Compression', value: 'no', reason: 'on loopback it only costs time' },

  // What happens then.
  { option: 'RemoteCommand', value: 'none', reason: 'scp, rsync and commands would be refused or replaced' },
  { option: 'RequestTTY', value: 'auto', reason: '"force" changes the bytes of scp, rsync and pipes' },
  { option: 'PermitLocalCommand', value: 'no', reason: 'a LocalCommand’s output would end up among the workspace’s' },
  { option: 'ForwardX11', value: 'no', reason: 'workspaces have none; asking for it is a warning each time' },
  { option: 'Tunnel', value: 'no', reason: 'the same' },
  { option: 'ExitOnForwardFailure', value: 'no', reason: 'a forward of all hosts, whose port is taken, is no reason not to log in' },
  { option: 'ClearAllForwardings', value: 'no', reason: 'it would clear the command line’s too, which editors depend on' },
]
