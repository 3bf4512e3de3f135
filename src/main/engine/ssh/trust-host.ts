import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BerthError } from '../../../shared/errors'
import { endpointCandidates } from '../endpoint'
import type { EngineAddress, EngineSurroundings } from '../engine-address'
import { fingerprintOf, judgeHostKey } from './host-keys'
import { hostProblem, hostUnknown } from './host-problem'
import { CONNECT_MS, knownEnginesPath } from './ssh-program'
import { parseSshUrl } from './ssh-target'

/**
 * Adds the key of that fingerprint, which the engine's ssh server shows now, to the ones that Berth trusts. Does nothing when the key is known
 * already. Throws ENGINE_HOST_UNKNOWN when the server shows another key, ENGINE_HOST_CHANGED when one is known that is not the server's, and
 * ENGINE_UNREACHABLE for an address without an ssh server.
 */
export async function trustHost(surroundings: EngineSurroundings, address: EngineAddress, fingerprint: string): Promise<void> {
  const { candidates, problems } = endpointCandidates(address, surroundings)
  const url = candidates[0]?.url ?? ''
  if (!url.startsWith('ssh:')) {
    const endpoint = url || problems.map((problem) => problem.endpoint).join(', ')
    throw new BerthError('ENGINE_UNREACHABLE', 'Only engines reached over ssh have a key to trust.', {
      endpoint,
      tried: problems,
      next: 'Enter an address such as ssh://user@host.',
    })
  }
  const target = parseSshUrl(url)
  const judged = await judgeHostKey(target, surroundings, AbortSignal.timeout(2 * CONNECT_MS))
  if (judged.verdict === 'unobjectionable') return
  const problem = hostProblem(target, judged)
  if (judged.verdict === 'changed') throw problem
  const trusted = judged.offered.find((key) => fingerprintOf(key).fingerprint === fingerprint)
  if (!trusted) throw hostUnknown(target.host, judged.offered)
  const path = knownEnginesPath(surroundings)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await appendFile(path, `${trusted.line}\n`, { mode: 0o600 })
}
