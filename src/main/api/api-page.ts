import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import page from './api-page.html?raw'
import { PLAIN_HEADERS, policy } from './security-headers'

/** The readable page of the API. It holds no data; it fetches the document with the token that the browser keeps. */
export function sendApiPage(response: ServerResponse): void {
  response.writeHead(200, {
    ...PLAIN_HEADERS,
    'content-security-policy': PAGE_POLICY,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  })
  response.end(page)
}

/** Exactly the one style and the one script that the page has in it. */
const PAGE_POLICY = policy({
  'script-src': `'sha256-${hashOf('script')}'`,
  'style-src': `'sha256-${hashOf('style')}'`,
  'img-src': 'data:',
  'connect-src': "'self'",
})

function hashOf(element: 'script' | 'style'): string {
  const start = page.indexOf(`<${element}>`) + element.length + 2
  const content = page.slice(start, page.indexOf(`</${element}>`, start))
  return createHash('sha256').update(content).digest('base64')
}
