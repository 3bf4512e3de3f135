import { onError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { doorRequestSchema, type MenuCommand } from '../../shared/door-port'
import type { ServedRouter } from '../api/api-handler'
import { logProcedureError } from '../api/procedure-log'
import type { AttachStream } from '../api/stream-socket'
import { log } from '../log'
import type { DoorPort } from './door-port'
import { attachPort } from './stream-port'

/** One end of a `menu` port. */
export interface MenuPort {
  send(command: MenuCommand): void
  onClose(listener: () => void): void
}

/** Answers the page's requests for further ports, as `door-port.ts` describes them. */
export function connectPort(
  door: DoorPort,
  services: { router: ServedRouter; attachStream: AttachStream; onMenuPort(port: MenuPort): void },
): void {
  const handler = new RPCHandler(services.router, { clientInterceptors: [onError(logProcedureError)] })

  door.on('message', ({ data, ports }) => {
    const parsed = doorRequestSchema.safeParse(data)
    const [port, ...rest] = ports
    if (!parsed.success || port === undefined || rest.length > 0) {
      for (const unused of ports) unused.close()
      log.warn('The page sent an invalid request')
      return
    }
    const request = parsed.data
    switch (request.kind) {
      case 'rpc':
        handler.upgrade(port, { context: {} })
        port.start()
        return
      case 'stream':
        attachPort(port, request.sessionId, services.attachStream)
        return
      case 'menu':
        services.onMenuPort({
          send: (command) => port.postMessage(command),
          onClose: (listener) => void port.on('close', listener),
        })
        port.start()
        return
      default:
        request satisfies never
    }
  })
  door.start()
}
