import { expect, it } from 'vitest'
import { credentialOrigin } from './credential-host'

it.each([
  ['git.example.com', 'https://git.example.com'],
  ['Git.Example.com:443', 'https://git.example.com'],
  ['git.example.com:8443', 'https://git.example.com:8443'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://[::1]:8443/', 'https://[::1]:8443'],
])('%s stands for %s', (given, origin) => expect(credentialOrigin(given)).toBe(origin))

it.each(['', '*', '*.example.com', 'me@example.com', 'example.com/team', 'ssh://example.com', 'a b', "it's.example.com", 'example.com?x'])(
  '%j is no host',
  (given) => expect(credentialOrigin(given)).toBeNull(),
)
