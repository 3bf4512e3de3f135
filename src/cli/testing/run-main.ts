import { main } from '../main'
import type { FakeHost } from './fake-host'

interface Result {
  code: number
  stdout: string
  stderr: string
  json: () => unknown
  error: () => unknown
}

/** Runs `berth` with these arguments to its end. */
export async function runMain(argv: string[], host: FakeHost): Promise<Result> {
  const code = await main(argv, host, '1.2.3')
  const [stdout, stderr] = [host.stdout.text(), host.stderr.text()]
  return { code, stdout, stderr, json: () => JSON.parse(stdout), error: () => JSON.parse(stderr).error }
}
