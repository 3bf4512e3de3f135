import { ipcRenderer, webUtils } from 'electron'
import { DROPPED_PATHS, PORT_OFFER, PORT_REQUEST } from '../shared/window-port'

// All that the page gets of Electron is one MessagePort, each time it asks.
window.addEventListener('message', (event) => {
  if (event.source === window && event.origin === window.location.origin && event.data === PORT_REQUEST) ipcRenderer.send(PORT_REQUEST)
})

ipcRenderer.on(PORT_OFFER, (event) => {
  window.postMessage(PORT_OFFER, window.location.origin, event.ports)
})

// Where the page takes no drop itself (a terminal does, and the files of a workspace), it is for Berth to open. Only what a person drops is trusted: a page
// can make up events, but no files with paths.
window.addEventListener('dragover', (event) => {
  if (!event.defaultPrevented && event.dataTransfer?.types.includes('Files')) event.preventDefault()
})
window.addEventListener('drop', (event) => {
  if (event.defaultPrevented || !event.isTrusted) return
  event.preventDefault()
  const paths = [...(event.dataTransfer?.files ?? [])].map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '')
  if (paths.length > 0) ipcRenderer.send(DROPPED_PATHS, paths)
})
