import { EventEmitter } from 'node:events'

type Handler = (event: unknown, ...args: unknown[]) => unknown

export interface IpcMainLike extends EventEmitter {
  handle(channel: string, handler: Handler): void
  handleOnce(channel: string, handler: Handler): void
  removeHandler(channel: string): void
  /** For the stand-in. */
  handlerOf(channel: string): Handler | undefined
}

export function createIpc(): IpcMainLike {
  const handlers = new Map<string, Handler>()
  return Object.assign(new EventEmitter(), {
    handle(channel: string, handler: Handler) {
      if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
      handlers.set(channel, handler)
    },
    handleOnce(channel: string, handler: Handler) {
      this.handle(channel, (event, ...args) => {
        handlers.delete(channel)
        return handler(event, ...args)
      })
    },
    removeHandler: (channel: string) => void handlers.delete(channel),
    handlerOf: (channel: string) => handlers.get(channel),
  })
}

export const ipcMain = createIpc()
