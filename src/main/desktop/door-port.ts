/** What is used of Electron's MessagePortMain. Its messages wait until `start`. */
export interface DoorPort {
  on(event: 'message', listener: (event: { data: unknown; ports: DoorPort[] }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: unknown): void
  start(): void
  close(): void
}
