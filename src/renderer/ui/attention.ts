/** Whoever has pressed a key or clicked within this time is taken to go on. */
const RECENT_MS = 3000

let lastAt = Number.NEGATIVE_INFINITY
let lastTarget: Node | null = null

/** Somebody has just asked for something by another way than the page: its menu, or the icon in the tray. */
export function noteAttention(): void {
  lastAt = performance.now()
  lastTarget = null
}

/** Whether somebody has just typed, clicked or asked for something outside this element: what it draws can wait. */
export function isAttentionElsewhere(element: Node): boolean {
  return performance.now() - lastAt < RECENT_MS && !(lastTarget !== null && element.contains(lastTarget))
}

for (const type of ['keydown', 'pointerdown', 'wheel'] as const) {
  window.addEventListener(
    type,
    ({ target }) => {
      lastAt = performance.now()
      lastTarget = target instanceof Node ? target : null
    },
    { capture: true, passive: true },
  )
}
