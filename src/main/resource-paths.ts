import { fileURLToPath } from 'node:url'

/** Built code is in out/main/ or out/main/chunks/; what it ships with is beside out/. */
function root(): URL {
  const here = new URL('.', import.meta.url)
  return new URL(here.pathname.endsWith('/chunks/') ? '../../../' : '../../', here)
}

/** Folder with the bundled Dockerfile. */
export function imageContextPath(): string {
  return fileURLToPath(new URL('resources/workspace-image', root()))
}

/** Folder of the built page. */
export function pagePath(): string {
  return fileURLToPath(new URL('out/renderer', root()))
}

/** Folder of the icons. */
export function iconsPath(): string {
  return fileURLToPath(new URL('resources/icons', root()))
}

/** The built thread that keeps the screens of terminals. */
export function screenWorkerPath(): string {
  return fileURLToPath(new URL('out/main/screen-worker.js', root()))
}
