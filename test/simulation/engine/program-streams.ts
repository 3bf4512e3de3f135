import { PassThrough, Writable } from 'node:stream'
import { engineError } from '../../../src/main/engine/engine-errors'
import type { World } from '../world/world'
import type { ConnectionModel } from './connection-model'
import type { RunningProgram } from './programs'

/** The streams by which Berth is attached to a program, for as long as the connection and this process of Berth last. */
export interface ProgramStreams {
  stdin: Writable
  stdout: PassThrough
  stderr: PassThrough
  write(stream: 'stdout' | 'stderr', text: string | Buffer): void
  /** It runs now: takes what is written to it, or finds its input over. */
  attach(program: RunningProgram, hasInput?: boolean): void
  /** It has ended. */
  end(): void
  /** Resolves when nothing more comes. */
  over: Promise<void>
  /** The way to it is closed: its input ends, and so does its output here. */
  cut(): void
}

export function connectionLost(what: string) {
  return engineError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), what, '')
}

/** With a lost connection the output fails as what was tried, or without that merely ends, as a closed socket does. */
export function createProgramStreams(world: World, connection: Pick<ConnectionModel, 'onLost'>, tried: string | null): ProgramStreams {
  const process = world.process()
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const written: Buffer[] = []
  const over = Promise.withResolvers<void>()
  let program: RunningProgram | null = null
  let isInputOver = false
  let hasEnded = false

  function endInput(): void {
    isInputOver = true
    if (program && !program.hasEnded) program.onInputEnd?.()
  }

  const endInputSoon = () => void world.after(world.random.next() * 1000, endInput, 'outside')
  let forgetKill = () => {}

  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (program) program.onInput?.(chunk)
      else written.push(chunk)
      done()
    },
    final(done) {
      endInput()
      done()
    },
  })
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined)

  const streams: ProgramStreams = {
    ...{ stdin, stdout, stderr, over: over.promise },
    write: (stream, text) => void (hasEnded || { stdout, stderr }[stream].write(text)),
    attach(running, hasInput = true) {
      program = running
      if (!hasInput) isInputOver = true
      for (const chunk of written.splice(0)) running.onInput?.(chunk)
      if (isInputOver) endInput()
      // A process of Berth that was killed holds no input open; the engine notices a moment later.
      if (world.process() !== process) endInputSoon()
      else forgetKill = world.onKilled(endInputSoon)
    },
    end() {
      hasEnded = true
      forget()
      forgetKill()
      stdout.end()
      stderr.end()
      over.resolve()
    },
    cut() {
      if (hasEnded) return
      streams.end()
      endInput()
    },
  }
  const forget = connection.onLost(() => {
    if (tried === null) return streams.cut()
    hasEnded = true
    forget()
    for (const stream of [stdout, stderr]) stream.destroy(connectionLost(tried))
    endInput()
  })
  return streams
}
