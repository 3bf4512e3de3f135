/** A WebSocket cannot carry an Authorization header in a browser: the token comes as the second subprotocol. */
export const WEBSOCKET_PROTOCOL = 'berth'
export const RPC_PATH = '/rpc'
export const API_PATH = '/api'

/** `/download/{id}`: what `files.openDownload` has opened. The id stands for the token, and is good once. */
export const DOWNLOAD_PATH = '/download/'
