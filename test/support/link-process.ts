import { createEngine, type EngineOptions } from '../../src/main/engine/engine'

/** A process that has an engine, a terminal in a container and a port, says so, and is killed by the test. */
const { surroundings, url, containerId, port } = JSON.parse(process.env.BERTH_TEST_PLAN ?? '') as {
  surroundings: EngineOptions['surroundings']
  url: string
  containerId: string
  port: number
}
const engine = createEngine({ address: () => ({ url }), surroundings, label: 'dev.berth.test' })
engine.start({
  async onState({ status }) {
    if (status !== 'connected') return
    await engine.bringPort(port, '')
    const terminal = await engine.exec.start({ containerId, command: ['cat'], user: 'root', tty: true, stdin: true })
    terminal.stdin?.write('hello\n')
    terminal.stdout.once('data', () => process.stdout.write('ready\n'))
  },
  onContainerEvent: () => undefined,
})
