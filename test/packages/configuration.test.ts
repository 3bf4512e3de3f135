import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

type Validate = (configuration: object, debugLogger: { isEnabled: boolean }) => Promise<void>
const { validateConfiguration } = createRequire(import.meta.url)('app-builder-lib/out/util/config/config') as {
  validateConfiguration: Validate
}

const text = await readFile(resolve('electron-builder.yml'), 'utf8')
const configuration = () => parse(text)
const validate = (candidate: object) => validateConfiguration(candidate, { isEnabled: false })

describe('the configuration of electron-builder', () => {
  it('is one that this version knows', async () => {
    await validate(configuration())
    await expect(validate({ ...configuration(), electronFuse: {} })).rejects.toThrow('electronFuse')
    await expect(validate({ ...configuration(), electronFuses: { runAsNodes: false } })).rejects.toThrow('configuration.electronFuses')
    await expect(validate({ ...configuration(), nsis: { oneClick: 'sometimes' } })).rejects.toThrow('oneClick')
  })

  it('sets every fuse that decides about safety', () => {
    expect(configuration().electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
    })
    expect(configuration()).toMatchObject({
      asar: true,
      mac: { hardenedRuntime: true },
      nsis: { perMachine: false, allowElevation: false },
    })
  })

  it('names files that are there, and nothing that tests have instead of Electron', () => {
    const { mac, linux, deb, rpm, beforeBuild } = configuration()
    const paths = [
      mac.entitlements,
      mac.icon,
      linux.icon,
      deb.afterInstall,
      deb.afterRemove,
      rpm.afterInstall,
      rpm.afterRemove,
      beforeBuild,
    ]
    for (const path of paths) expect(existsSync(resolve(path)), path).toBe(true)
    expect(text).not.toContain('stand-in')
    expect(configuration().electronDist).toBeUndefined()
  })

  it('has a command line with a name of its own', () => {
    // /usr/bin/berth is the command; electron-builder's packages put the app beside it under this name.
    expect(configuration()).toMatchObject({ linux: { executableName: 'berth-desktop' }, protocols: [{ schemes: ['berth'] }] })
  })
})

interface Workflow {
  permissions?: Record<string, string>
  jobs: Record<
    string,
    { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: { uses?: string; with?: object; run?: string }[] }
  >
}

describe.each(['ci', 'release'])('the workflow %s', async (name) => {
  const workflow = parse(await readFile(join('.github/workflows', `${name}.yml`), 'utf8')) as Workflow
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('may read, and write only where it makes the draft', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const writing = Object.entries(workflow.jobs).filter(([, job]) => job.permissions !== undefined)
    expect(writing.map(([job, { permissions }]) => [job, permissions])).toEqual(
      name === 'release' ? [['draft', { contents: 'write' }]] : [],
    )
  })

  it('uses actions of a named version, and ends some time', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/)
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with).toEqual({ 'persist-credentials': false })
  })

  it('runs what is there, and puts no text of others into a shell', () => {
    for (const { run } of steps) {
      expect(run ?? '').not.toContain('${{')
      for (const [, path] of (run ?? '').matchAll(/(?:^|\s)(script\/[a-z/-]+(?:\.mjs)?)/gm))
        expect(existsSync(resolve(path ?? '')), path).toBe(true)
    }
  })
})
