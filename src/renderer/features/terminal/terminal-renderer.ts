import { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'

/** Software rendering of WebGL is slower than the DOM; so is having none. */
function hasFastWebgl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

let fastWebgl: boolean | undefined

/**
 * Draws the terminal with WebGL where that is fast, else leaves it to the DOM renderer. Browsers give a page few WebGL contexts
 * and take the oldest away, so a hidden terminal gives its own back with the function returned.
 */
export function attachFastRenderer(terminal: Terminal): () => void {
  fastWebgl ??= hasFastWebgl()
  if (!fastWebgl) return () => {}
  const addon = new WebglAddon()
  let disposed = false
  const dispose = () => {
    if (disposed) return
    disposed = true
    addon.dispose()
  }
  addon.onContextLoss(dispose)
  try {
    terminal.loadAddon(addon)
  } catch (error) {
    // The DOM renderer goes on drawing: slower, and nothing is lost.
    console.warn('The terminal is drawn without WebGL.', error)
    fastWebgl = false
    dispose()
  }
  return dispose
}
