/** For every answer of the server, whatever it holds. */
export const PLAIN_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/**
 * What the page can load and connect to: only itself. Inline styles are allowed, because xterm's DOM renderer (its fallback without WebGL)
 * creates style elements and attributes; inline scripts are not. `sockets` is the origin of its WebSockets, which older browsers do not
 * include in 'self'.
 */
export function pagePolicy(sockets: string | null): string {
  return policy({
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'connect-src': sockets === null ? "'self'" : `'self' ${sockets}`,
    'worker-src': "'self'",
    'manifest-src': "'self'",
  })
}

/** `default-src 'none'`, no base, forms or frames, and what `directives` add. */
export function policy(directives: Record<string, string>): string {
  const all = { 'default-src': "'none'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'", ...directives }
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}
