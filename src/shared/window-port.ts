/**
 * How the page of the desktop window gets its one MessagePort. The page posts PORT_REQUEST to its own window once it listens; the
 * preload passes the request on, and posts PORT_OFFER to the same window with the port in `event.ports[0]`. A page may ask
 * again, and gets another; the ports of a page that is left close with it. Kept apart from `door-port.ts` so that the sandboxed
 * preload is free of zod.
 */
export const PORT_REQUEST = 'berth:port-request'
export const PORT_OFFER = 'berth:port'
