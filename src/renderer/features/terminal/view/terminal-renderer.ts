import { WebglAddon } from '@xterm/addon-webgl'
import type { Terminal } from '@xterm/xterm'

const SOFTWARE_RENDERERS = ['SwiftShader', 'llvmpipe', 'softpipe', 'Microsoft Basic Render']

/** Software rendering of WebGL is slower than the DOM, and not every browser owns up to it when asked for none; so is having none. */
function hasFastWebgl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (context === null) return false
  const unmasked = context.getExtension('WEBGL_debug_renderer_info')
  const renderer = String(context.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER))
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !SOFTWARE_RENDERERS.some((name) => renderer.includes(name))
}

let fastWebgl: boolean | undefined
/** Browsers give a page sixteen; the rest of the page may want some, and a second window shares them. */
const MOST_CONTEXTS = 8
let contexts = 0

/**
 * Draws the terminal with WebGL where that is fast, else leaves it to the DOM renderer. Browsers give a page few WebGL contexts
 * and take the oldest away, so a hidden terminal gives its own back with the function returned, and the ninth in sight does without.
 */
export function attachFastRenderer(terminal: Terminal): () => void {
  fastWebgl ??= hasFastWebgl()
  if (!fastWebgl || contexts >= MOST_CONTEXTS) return () => {}
  contexts++
  const addon = new WebglAddon()
  let disposed = false
  const dispose = () => {
    if (disposed) return
    disposed = true
    contexts--
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
