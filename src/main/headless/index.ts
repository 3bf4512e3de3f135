import { isBerthError } from '../../shared/errors'
import { readDoorFile } from '../api/door-file'
import { onEndSignal } from '../api/end-signals'
import { openDoor } from '../api/open-door'
import { createRouter } from '../api/router'
import { berthHome } from '../berth-home'
import { createCore } from '../core'
import { watchEventLoop } from '../event-loop-watch'
import { log } from '../log'
import { imageContextPath, pagePath, screenWorkerPath } from '../resource-paths'
import { version } from '../version'
import { parseServeArguments, type ServeArguments } from './arguments'

/** Of this program: what the command line that starts it goes by. */
const EXIT = { failed: 1, usage: 2, alreadyRunning: 4 } as const

/** Serves until a signal or a client ends it. Resolves once it listens. */
async function serve({ port, json }: ServeArguments): Promise<void> {
  const core = await createCore({
    home: berthHome(),
    door: 'headless',
    version,
    imageContextPath: imageContextPath(),
    screenWorkerPath: screenWorkerPath(),
  })
  const endWatch = watchEventLoop()
  const router = createRouter(core, { quit: () => void end() })
  const opened = await openDoor({
    home: core.home,
    damagedFiles: core.damagedFiles,
    router,
    attachStream: core.attachStream,
    files: core.files,
    port,
    staticRoot: pagePath(),
    version,
  }).catch(async (error: unknown) => {
    await core.close()
    throw error
  })

  let isEnding = false
  async function end(): Promise<void> {
    // Asked twice: somebody does not want to wait.
    if (isEnding) process.exit(EXIT.failed)
    isEnding = true
    await opened.close()
    await core.close()
    endWatch()
    process.exit(0)
  }
  onEndSignal(() => void end())

  const { url, pid } = opened.door
  process.stdout.write(
    json ? `${JSON.stringify({ url, link: opened.pageUrl, pid, version })}\n` : `Berth is running at ${opened.pageUrl}\n`,
  )
}

/** Says in words why it did not start; returns the exit code. */
async function explain(error: unknown, port: number | undefined): Promise<number> {
  if (isBerthError(error, 'ALREADY_RUNNING')) {
    const door = await readDoorFile(error.data.home)
    process.stderr.write(door === null ? `${error.message}\n` : `Berth is already running at ${door.url}. “berth open” opens it.\n`)
    return EXIT.alreadyRunning
  }
  if (isBerthError(error)) {
    process.stderr.write(`${error.message}\n${error.data.next}\n`)
    return EXIT.failed
  }
  if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
    const reason = error.code === 'EACCES' ? 'cannot be used by your user' : 'is used by another program'
    process.stderr.write(`Port ${port} ${reason}. Choose another port with --port, or leave the option out.\n`)
    return EXIT.failed
  }
  log.fatal({ err: error }, 'Berth could not start')
  return EXIT.failed
}

// Its output may be a pipe whose reader is gone, or a file on a disk that is full.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, 'Berth failed unexpectedly and exits')
    process.exit(EXIT.failed)
  })
}

const parsed = parseServeArguments(process.argv.slice(2))
if (typeof parsed === 'string') {
  process.stderr.write(`${parsed}\nUsage: berth serve [--port N] [--json]\n`)
  process.exitCode = EXIT.usage
} else {
  serve(parsed).catch(async (error: unknown) => process.exit(await explain(error, parsed.port)))
}
