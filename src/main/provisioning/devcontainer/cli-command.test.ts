import { describe, expect, it } from 'vitest'
import { environmentFile, folderOfConfig, readOutcome, upCommand } from './cli-command'

const MARKER = { name: 'MARKER', value: 'devcontainer.1.' }
const ID = 'a7f684f7a7563dd254043f7e4de256b9355a8e2c3dccd24dfa0333709b4275e6'
const SUCCESS = { outcome: 'success', containerId: ID, remoteUser: 'dev', remoteWorkspaceFolder: '/workspaces/repo' }

describe('the command', () => {
  it('is for the folder that the configuration is in', () => {
    expect(folderOfConfig('.devcontainer/devcontainer.json')).toBe('/home/workspace/repo')
    expect(folderOfConfig('.devcontainer.json')).toBe('/home/workspace/repo')
    expect(folderOfConfig('packages/web/.devcontainer/node/devcontainer.json')).toBe('/home/workspace/repo/packages/web')
  })

  it('names the configuration, and removes what is there only for a rebuild', () => {
    const request = { path: '.devcontainer/devcontainer.json', marker: MARKER }
    const up = upCommand(['node', '/cli.js'], { ...request, rebuild: false })
    expect(up.slice(0, 3)).toEqual(['node', '/cli.js', 'up'])
    expect(up).toEqual(
      expect.arrayContaining(['--config', '/home/workspace/repo/.devcontainer/devcontainer.json', 'MARKER=devcontainer.1.']),
    )
    expect(up).not.toContain('--remove-existing-container')
    expect(upCommand(['node', '/cli.js'], { ...request, rebuild: true })).toEqual([...up, '--remove-existing-container'])
  })
})

describe('the outcome', () => {
  it('is read from the last line', () => {
    const merged = { forwardPorts: [3000, 'db:5432', 'localhost:8080', 0, 'a:b:1', 'db:99999', { port: 1 }, '../x:80'] }
    const text = `npm notice\n${JSON.stringify({ ...SUCCESS, composeProjectName: 'repo_devcontainer', mergedConfiguration: merged })}\n`
    expect(readOutcome(text)).toEqual({
      ...{ outcome: 'success', containerId: ID, user: 'dev', folder: '/workspaces/repo', project: 'repo_devcontainer' },
      forwards: [
        { port: 3000, service: null },
        { port: 5432, service: 'db' },
        { port: 8080, service: null },
      ],
    })
  })

  it('of a failure has its words once, and the container that was made', () => {
    const error = { outcome: 'error', message: 'Command failed: x', description: 'postCreateCommand failed.' }
    expect(readOutcome(JSON.stringify({ ...error, containerId: ID }))).toEqual({
      ...{ outcome: 'error', message: 'postCreateCommand failed. Command failed: x', containerId: ID },
    })
    expect(readOutcome(JSON.stringify({ ...error, message: error.description }))).toMatchObject({ message: error.description })
    expect(readOutcome(JSON.stringify({ ...error, message: 'x'.repeat(5000), containerId: '--help' }))).toMatchObject({
      message: expect.stringMatching(/^.{1000}$/),
      containerId: null,
    })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'Segmentation fault'],
    ['an option for an id', JSON.stringify({ ...SUCCESS, containerId: '--privileged' })],
    ['a user with a space', JSON.stringify({ ...SUCCESS, remoteUser: 'root --privileged' })],
    ['a folder that is none', JSON.stringify({ ...SUCCESS, remoteWorkspaceFolder: 'workspaces' })],
    ['a folder with a line break', JSON.stringify({ ...SUCCESS, remoteWorkspaceFolder: '/a\nb' })],
    ['more than fits', `${JSON.stringify(SUCCESS).slice(5)}`],
  ])('is none for %s', (_, stdout) => {
    expect(readOutcome(stdout)).toBeNull()
  })
})

describe('the variables of commands', () => {
  it('are those that have a place in a file, without what each command has of its own', () => {
    const printed = ['PATH=/usr/bin:/opt', 'EMPTY=', 'A=b=c', 'PWD=/x', 'SHLVL=1', 'MARKER=1', 'BASH_FUNC_x%%=() {', 'TWO=a\nb', ''].join(
      '\0',
    )
    expect(environmentFile(printed, 'MARKER')).toEqual({ content: 'PATH=/usr/bin:/opt\nEMPTY=\nA=b=c\n', leftOut: ['TWO'] })
  })

  it('are bounded', () => {
    const many = Array.from({ length: 600 }, (_, index) => `V${index}=1`)
    const { content, leftOut } = environmentFile([`BIG=${'x'.repeat(40_000)}`, ...many].join('\0'), 'MARKER')
    expect(content.split('\n')).toHaveLength(501)
    expect(leftOut).toHaveLength(101)
    expect(leftOut[0]).toBe('BIG')
  })
})
