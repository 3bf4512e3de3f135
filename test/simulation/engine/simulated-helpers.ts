import { PassThrough, Writable } from 'node:stream'
import { engineError } from '../../../src/main/engine/engine-errors'
import type { Helpers } from '../../../src/main/engine/helpers'
import type { World } from '../world/world'
import type { ConnectionModel } from './connection-model'
import { type EngineState, refusal, type SimulatedContainer } from './engine-state'

/** Helper containers, known by their program: `volume-copy` copies and measures, `stat` tells the free space; any other is refused. */
export function createSimulatedHelpers(world: World, state: EngineState, connection: ConnectionModel): Helpers {
  return {
    async start(spec) {
      // Whoever asked for it: it may be gone by the time that the helper runs.
      const process = world.process()
      const stdout = new PassThrough()
      const stderr = new PassThrough()
      const gone = Promise.withResolvers<number>()
      gone.promise.catch(() => undefined)
      let onInput: (text: string) => void = () => undefined
      let hasEnded = false
      const stdin = new Writable({
        write(chunk: Buffer, _encoding, done) {
          onInput(chunk.toString())
          done()
        },
        // The program ends with its input.
        final(done) {
          endSoon()
          done()
        },
      })
      let running: SimulatedContainer | null = null
      let isAbandoned = false
      const endSoon = () => {
        const container = running
        if (container) world.after(world.random.next() * 50, () => end(container, 1), 'outside')
      }

      function end(container: SimulatedContainer, code: number): void {
        if (hasEnded) return
        hasEnded = true
        state.end(container, code)
        state.removeContainer(container, true)
        stdout.end()
        stderr.end()
        gone.resolve(code)
      }

      const work = (container: SimulatedContainer) => {
        const [program = '', command = ''] = spec.command
        const say = (line: string) => void (hasEnded || stdout.write(`${line}\n`))
        // Helpers are the engine's: they go on for a while when Berth is killed, then miss its input.
        const later = (milliseconds: number, run: () => void) =>
          world.after(milliseconds + world.random.next() * 100, () => hasEnded || run(), 'outside')
        const volumeAt = (path: string) => state.volumes.get(spec.volumes.find((mount) => mount.path === path)?.name ?? '')
        if (program === 'stat') {
          later(5, () => {
            say(state.isFull ? '0 1000000 4096' : '500000 1000000 4096')
            end(container, 0)
          })
        } else if (command === 'measure') {
          later(50, () => {
            for (const _ of spec.volumes) say('measured 1000 -')
            say('done')
            end(container, 0)
          })
        } else if (command === 'copy') copy()
        else later(1, () => end(container, 127))

        function copy(): void {
          const isLive = spec.command.includes('--live')
          const pairs = spec.volumes.flatMap(({ path }) => (path.startsWith('/from/') ? [path.slice('/from/'.length)] : []))
          const full = () => {
            if (!state.isFull) return false
            say('failed no-space /to/0')
            end(container, 1)
            return true
          }
          const finish = () => {
            if (full()) return
            for (const index of pairs) {
              const to = volumeAt(`/to/${index}`)
              if (to) to.content = volumeAt(`/from/${index}`)?.content ?? to.content
            }
            say('done')
            end(container, 0)
          }
          later(100, () => {
            if (full()) return
            // What is there of a copy under way is nobody's content.
            for (const index of pairs) {
              const to = volumeAt(`/to/${index}`)
              if (to) to.content = state.newContent()
            }
            say('progress 1 2')
            if (!isLive) return void later(200, finish)
            onInput = () => void later(50, finish)
            say('ready')
          })
        }
      }

      const starting = connection.call(
        'run a helper container',
        () => {
          for (const { name } of spec.volumes) if (!state.volumes.has(name)) throw refusal(404, `get ${name}: no such volume`)
          const made = state.create(
            {
              ...{ name: '', image: spec.image, hostname: '', labels: spec.labels, environment: {}, ports: [], capabilities: [] },
              ...{ securityOptions: [], unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0 },
              volumes: spec.volumes,
              limits: { memoryBytes: null, cpus: null, processes: null },
            },
            { spec, end: (code) => end(made, code) },
          )
          state.start(made)
          running = made
          if (isAbandoned) endSoon()
          // With nobody at its input it ends.
          const look = () => {
            if (hasEnded) return
            if (world.process() === process) world.after(1000, look, 'outside')
            else end(made, 1)
          }
          world.after(1000, look, 'outside')
          work(made)
          return made
        },
        50,
      )
      // Without the answer nobody holds its input.
      starting.catch(() => {
        isAbandoned = true
        endSoon()
      })
      const container = await starting
      connection.onLost(() => {
        endSoon()
        gone.reject(engineError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), 'wait for the helper container', ''))
      })
      return {
        ...{ id: container.id, stdin, stdout, stderr },
        exitCode: () => gone.promise.then((code) => connection.call('wait for the helper container', () => code)),
        kill: () => connection.call('end the helper container', () => end(container, 137)),
      }
    },
  }
}
