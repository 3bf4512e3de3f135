import { ipcRenderer } from 'electron'
import { PORT_OFFER, PORT_REQUEST } from '../shared/window-port'

// All that the page gets of Electron is one MessagePort, each time it asks.
window.addEventListener('message', (event) => {
  if (event.source === window && event.origin === window.location.origin && event.data === PORT_REQUEST) ipcRenderer.send(PORT_REQUEST)
})

ipcRenderer.on(PORT_OFFER, (event) => {
  window.postMessage(PORT_OFFER, window.location.origin, event.ports)
})
