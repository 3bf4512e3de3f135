import { isBerthError } from '../../shared/errors'
import { decodeFrame, encodeFrame, type StreamChannel } from '../../shared/stream-frames'
import { type AttachStream, isFromClient } from '../api/stream-socket'
import { log } from '../log'
import type { DoorPort } from './door-port'

/** Gives a session's bytes to a port. The port closes when the session is unknown or the page sends what is no frame. */
export function attachPort(port: DoorPort, sessionId: string, attachStream: AttachStream): void {
  try {
    attachStream(sessionId, portChannel(port))
  } catch (error) {
    if (!isBerthError(error, 'SESSION_NOT_FOUND')) log.error({ err: error, sessionId }, 'A session could not be attached')
    port.close()
    return
  }
  port.start()
}

function portChannel(port: DoorPort): StreamChannel {
  let isOpen = true
  let onFrame: Parameters<StreamChannel['onFrame']>[0] = () => {}
  let onClose = () => {}

  port.on('message', ({ data }) => {
    const bytes = toBytes(data)
    const frame = bytes === null ? null : decodeFrame(bytes)
    if (frame !== null && isFromClient(frame.type)) onFrame(frame)
    else port.close()
  })
  port.on('close', () => {
    isOpen = false
    onClose()
  })

  return {
    send(frame) {
      // Copied by Electron, which cannot transfer buffers between processes.
      if (isOpen) port.postMessage(encodeFrame(frame).buffer)
    },
    onFrame(listener) {
      onFrame = listener
    },
    onClose(listener) {
      onClose = listener
    },
    close: () => port.close(),
  }
}

function toBytes(data: unknown): Uint8Array | null {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return data instanceof Uint8Array ? data : null
}
