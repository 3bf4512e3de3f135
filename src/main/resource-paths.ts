import { fileURLToPath } from 'node:url'

/** Built code is in out/main/ or out/main/chunks/; what it ships with is beside out/. */
function root(): URL {
  const here = new URL('.', import.meta.url)
  return new URL(here.pathname.endsWith('/chunks/') ? '../../../' : '../../', here)
}

/**
 * Where plain files of `folder` are. In the desktop app, built code is in an archive that Electron alone can read; what is listed and copied in ways that Electron
 * does not know how to do there is beside it, as electron-builder.yml says.
 */
export function plainFiles(folder: URL): URL {
  return new URL(folder.href.replace('/app.asar/', '/app.asar.unpacked/'))
}

function resource(name: string): string {
  return fileURLToPath(plainFiles(new URL(`resources/${name}`, root())))
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
