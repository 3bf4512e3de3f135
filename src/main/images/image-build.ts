import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { BerthError, isBerthError } from '../../shared/errors'
import type { Progress } from '../../shared/operation'
import type { Engine } from '../engine/engine'
import type { WorkControl } from './shared-work'

/** Of a failed build, so many lines are kept with the error. */
export const KEPT_LINES = 40

/** “Step 3/12 : RUN …” of Docker, “STEP 3/12: RUN …” of Podman. */
const STEP = /^step (\d+)\/(\d+)\s*: ?/i

/** `ARG BASE=debian:13-slim`: the Dockerfile's own base. */
const BASE_ARGUMENT = /^ARG BASE=(\S+)$/m

/** On what is built from the bundled folder: the digest of that folder. */
export const LABEL_CONTEXT = 'dev.berth.image-context'

/** Beside it: the base that it was built on, and its size. */
export const LABEL_BASE = 'dev.berth.image-base'
export const LABEL_SIZE = 'dev.berth.image-size'
/** The name that Berth gave it: images built on it have this label too, but another name. */
export const LABEL_NAME = 'dev.berth.image-name'

export interface ImageBuild extends WorkControl {
  /** What it is built from, with the Dockerfile in it. */
  context: Readable
  /** Its path in the context. */
  dockerfile: string
  /** The stage to end with; the last one if left out. */
  target?: string | undefined
  tag: string
  buildArguments: Record<string, string>
  labels: Record<string, string>
  noCache: boolean
}

/** The base that a Dockerfile names. */
export async function defaultBase(path: string): Promise<string> {
  const base = BASE_ARGUMENT.exec(await readFile(path, 'utf8'))?.[1]
  if (base === undefined) throw new Error(`${path} has no line “ARG BASE=…”`)
  return base
}

/** Images that it starts from must be on the engine. Throws IMAGE_BUILD_FAILED with the last lines when a step fails. */
export async function buildImage(images: Pick<Engine['images'], 'build'>, { context, ...build }: ImageBuild): Promise<void> {
  const { tag, onLine } = build
  const lines: string[] = []
  const report = createBuildProgress(build.onProgress)
  try {
    await images.build(context, {
      ...build,
      labels: { ...build.labels, [LABEL_NAME]: tag },
      // The engine's own network may not have this machine's name server or proxy.
      networkMode: 'host',
      onLine(line) {
        lines.push(line)
        if (lines.length > KEPT_LINES) lines.shift()
        report(line)
        onLine(line)
      },
    })
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_REFUSED')) throw error
    throw new BerthError(
      'IMAGE_BUILD_FAILED',
      `Building ${tag} failed: ${error.data.reason}`,
      {
        image: tag,
        log: [...lines, error.data.reason].slice(-KEPT_LINES),
        next: 'Check the last lines of the log for the failed step. Packages can only be installed with a network connection.',
      },
      { cause: error },
    )
  }
}

function createBuildProgress(onProgress: (progress: Progress | null, detail: string) => void): (line: string) => void {
  let progress: Progress | null = null
  return (line) => {
    const step = STEP.exec(line)
    // The step that has begun is not done yet.
    if (step) progress = { done: Number(step[1]) - 1, total: Number(step[2]), unit: 'steps' }
    onProgress(progress, line)
  }
}
