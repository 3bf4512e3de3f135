import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { IMAGE_SIZES, type ImageSize } from '../../shared/distros'
import { isBerthError } from '../../shared/errors'
import { createCore } from '../core'
import { imageContextPath } from '../resource-paths'
import { version } from '../version'

/** Of this program: what the scripts that call it go by. */
const EXIT = { ready: 0, failed: 1, noBaseImage: 3 } as const

/**
 * Makes sure that the engine has Berth's workspace image, as it is in this checkout, and reports progress on stderr. With `--base REF` a
 * missing image is built on that base, and with `--size base` it only has what Berth itself needs; that size is not published. Runs before
 * Berth, in its own home.
 */
async function prepareImage(base: string | undefined, size: ImageSize): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'berth-prepare-'))
  const core = await createCore({ home, door: 'headless', version, imageContextPath: imageContextPath() })
  try {
    const { engine, images } = core.local
    await engine.reconnect()
    engine.assertConnected()
    let last = ''
    const options = {
      signal: new AbortController().signal,
      onProgress(_: unknown, detail: string) {
        if (detail !== last) process.stderr.write(`  ${detail}\n`)
        last = detail
      },
    }
    const { source } = await images.resolve()
    // With a base it was tried without one before: there is nothing to be pulled.
    const mustBuild = source !== 'local' && (base !== undefined || size === 'base')
    if (mustBuild || (await images.isOutdated())) await images.build({ ...options, base, size, noCache: false })
    else await images.ensure(null, options)
    return EXIT.ready
  } catch (error) {
    if (!isBerthError(error)) throw error
    process.stderr.write(`${error.message}\n${error.data.next}\n`)
    return isBerthError(error, 'IMAGE_UNAVAILABLE') ? EXIT.noBaseImage : EXIT.failed
  } finally {
    await core.close()
    await rm(home, { recursive: true, force: true })
  }
}

const { values } = parseArgs({ options: { base: { type: 'string' }, size: { type: 'string', default: 'full' } } })
process.exitCode = await prepareImage(values.base, z.enum(IMAGE_SIZES).parse(values.size))
