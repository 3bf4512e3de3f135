import { parentPort } from 'node:worker_threads'
import { serveScreens } from './serve-screens'

// Drawing a flood takes longer than passing it on: here it holds nothing else up.
if (parentPort === null) throw new Error('This is started as a worker thread.')
serveScreens(parentPort)
