/** Which port of a workspace is meant. */
export interface PortTarget {
  port: number
  container: string | null
}

export function isSamePort(a: PortTarget, b: PortTarget): boolean {
  return a.port === b.port && a.container === b.container
}
