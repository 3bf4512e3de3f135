import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** All of a checkout that packages are made of. */
const PARTS = [
  ...['bin', 'packaging', 'resources', 'script', 'src', 'test/electron-stand-in', 'e2e/browser-options.ts'],
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'package-lock.json', 'tsconfig.json', '.gitignore'],
  ...['electron.vite.config.ts', 'vite.cli.config.ts', 'electron-builder.yml'],
]

/** A copy of this checkout for `use`, not built; then it is removed. Its npm packages are those of this one. */
export async function withCheckout<Result>(use: (checkout: string) => Promise<Result>): Promise<Result> {
  const checkout = await mkdtemp(join(tmpdir(), 'berth-version-'))
  try {
    for (const part of PARTS) await cp(resolve(part), join(checkout, part), { recursive: true })
    await symlink(resolve('node_modules'), join(checkout, 'node_modules'))
    return await use(checkout)
  } finally {
    await rm(checkout, { recursive: true, force: true })
  }
}

/** A copy of this checkout that says it is of that version, built. `use` makes packages of it. */
export async function withBuiltVersion<Result>(version: string, use: (checkout: string) => Promise<Result>): Promise<Result> {
  return withCheckout(async (checkout) => {
    const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as object
    await writeFile(join(checkout, 'package.json'), JSON.stringify({ ...manifest, version }))
    await run('npm', ['run', '--silent', 'build'], { cwd: checkout })
    return use(checkout)
  })
}
