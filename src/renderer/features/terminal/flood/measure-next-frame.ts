/** Calls `report` with the milliseconds that the page's thread spends on the next frame: what asked to run before it, layout, painting. */
export function measureNextFrame(report: (milliseconds: number) => void): void {
  // Runs first, if what draws asks for the frame later.
  requestAnimationFrame(() => {
    const begin = performance.now()
    const { port1, port2 } = new MessageChannel()
    // Comes when the frame is done.
    port1.onmessage = () => {
      port1.close()
      report(performance.now() - begin)
    }
    port2.postMessage(null)
  })
}
