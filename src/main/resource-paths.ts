import { sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Built code is in out/main/ or out/main/chunks/; what it ships with is beside out/. */
function root(): URL {
  const here = new URL('.', import.meta.url)
  return new URL(here.pathname.endsWith('/chunks/') ? '../../../' : '../../', here)
}

/**
 * Of the folder `resources`. In the desktop app, built code is in an archive that Electron alone can read, and these are plain files beside it: they are listed and copied in
 * ways that Electron does not know how to do in an archive.
 */
function resource(name: string): string {
  return fileURLToPath(new URL(`resources/${name}`, root())).replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`)
}

/** Folder with the bundled Dockerfile. */
export function imageContextPath(): string {
  return resource('workspace-image')
}

/** Folder of the built page. */
export function pagePath(): string {
  return fileURLToPath(new URL('out/renderer', root()))
}

/** Folder of the icons. */
export function iconsPath(): string {
  return resource('icons')
}

/** The built thread that keeps the screens of terminals. */
export function screenWorkerPath(): string {
  return fileURLToPath(new URL('out/main/screen-worker.js', root()))
}
