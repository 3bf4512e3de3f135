import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleSimulation } from './bundle-simulation.mjs'

if (process.argv.includes('--mutations')) await import('./run-mutations.mjs')
else {
  const { folder, remove } = await bundleSimulation()
  process.once('exit', () => void remove())
  await import(pathToFileURL(join(folder, 'simulate.js')).href)
}
