import './zod-without-code'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app'
import { followMenuCommands } from './app/menu-commands'
import { setUpTheme } from './app/theme'
import { noticeNodes } from './features/engines/notice-nodes'
import { noticeListeners } from './features/ports/notice-listeners'
import { runFeed } from './store/feed'
import { noticeEnd } from './workspace-model/operations/operation-notices'
import { reportError } from './workspace-model/problems/run-suggested-action'
import './ui/styles.css'

// Whatever nobody caught is told, not lost.
window.addEventListener('unhandledrejection', ({ reason }) => reportError(reason))
window.addEventListener('error', ({ error }) => error && reportError(error))

setUpTheme()
void runFeed({ onOperationEnd: noticeEnd, onPorts: noticeListeners, onSwarms: noticeNodes, onError: (error) => reportError(error) })
void followMenuCommands()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
