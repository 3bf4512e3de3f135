/**
 * How the page of the desktop window gets its only MessagePort. The page posts PORT_REQUEST to its own window once it listens; the preload
 * passes the request on, and posts PORT_OFFER to the same window with the port in `event.ports[0]`. A page can ask again and gets another
 * port; the ports of a page that is left close with it. Kept apart from `door-port.ts` so that the sandboxed preload does not need zod.
 */
export const PORT_REQUEST = 'berth:port-request'
export const PORT_OFFER = 'berth:port'
