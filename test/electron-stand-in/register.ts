import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

// `electron`, for import and require alike, is the stand-in; the project's TypeScript, which names files without `.ts`, is found by Node.
const electron = new URL('./index.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'electron') return { url: electron, shortCircuit: true }
    if (specifier.startsWith('.') && context.parentURL?.endsWith('.ts')) {
      const url = new URL(`${specifier}.ts`, context.parentURL)
      if (existsSync(fileURLToPath(url))) return { url: url.href, shortCircuit: true }
    }
    return nextResolve(specifier, context)
  },
})

// What code asks to learn that it runs in the main process of Electron.
Object.assign(process, { type: 'browser' })
Object.defineProperty(process.versions, 'electron', { value: '45.4.1', enumerable: true })
