/** A key pair that is always the same: nothing in a simulation connects by ssh. */
const PUBLIC_KEY = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)]).toString('base64')} berth`

const utils = {
  generateKeyPair: (_kind: string, _options: unknown, callback: (error: null, keys: { private: string; public: string }) => void) =>
    queueMicrotask(() => callback(null, { private: 'a private key', public: PUBLIC_KEY })),
  parseKey: () => ({ type: 'ssh-ed25519' }),
}
export class Client {}
export default { utils, Client }
