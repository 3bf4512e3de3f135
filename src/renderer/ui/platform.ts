/** True where the person's keyboard has ⌘ for what is Ctrl elsewhere. This is the machine of the page, not of the engine. */
export const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac')
