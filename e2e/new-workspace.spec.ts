import { once } from 'node:events'
import { createServer, request as passOn, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { startGitServer } from '../test/support/git-server'
import { expect, test } from './berth-fixture'
import { leftOnEngine, uniqueName } from './berth-process'
import { button, createWorkspace, dialog, fillNewWorkspace, heading, READY_MS, row } from './page-parts'

const REFUSED_NAMES = [
  ['Api', 'Only lowercase letters are allowed: a-z, 0-9 and dashes.'],
  ['api server', 'Spaces are not allowed. Use a-z, 0-9 and dashes.'],
  ['api_server', '“_” is not allowed. Use a-z, 0-9 and dashes.'],
  ['-api', 'A name must start with a letter or a digit.'],
  ['api-', 'A name must end with a letter or a digit.'],
  ['a'.repeat(64), 'At most 63 characters are allowed; this name has 64.'],
] as const

test('a name is refused as it is typed, with the reason', async ({ page }) => {
  const opened = await fillNewWorkspace(page, '')
  const field = opened.getByLabel('Name', { exact: true })
  for (const [typed, reason] of REFUSED_NAMES) {
    await field.fill('')
    await field.pressSequentially(typed)
    await expect(field).toHaveAccessibleDescription(reason)
    await expect(button(opened, 'Create')).toBeDisabled()
  }
  await field.fill('api')
  await expect(field).toHaveAccessibleDescription('a-z, 0-9 and dashes')
  await expect(button(opened, 'Create')).toBeEnabled()
})

test('a name that exists, a URL that git cannot clone and a line that is no variable are refused as typed', async ({ page, berth }) => {
  const name = uniqueName('taken')
  await berth.client.workspaces.start({ name, wait: true })
  const opened = await fillNewWorkspace(page, name, { Repository: 'ext::sh -c id', Environment: 'A=1\nno equals sign' })
  await expect(opened.getByText('A workspace with this name already exists.')).toBeVisible()
  await expect(opened.getByText('It contains a space or a control character.')).toBeVisible()
  await opened.getByLabel('Repository').fill('file:///etc')
  await expect(opened.getByText('The protocol “file:” is not supported. Use https, http, ssh or git.')).toBeVisible()
  await expect(opened.getByText('Line 2 is not of the form KEY=VALUE.')).toBeVisible()
  await opened.getByLabel('Name', { exact: true }).press('Enter')
  await expect(opened).toBeVisible()
})

test('an image that does not exist is told in words, and what was typed is kept for another try', async ({ page, berth }) => {
  const name = uniqueName('image')
  const image = 'localhost:1/berth-e2e/none:1'
  await createWorkspace(page, name, { Image: image, Environment: 'GREETING=hello' })
  const notice = page.getByRole('alert').filter({ hasText: `Could not create ${name}` })
  await expect(notice).toContainText(image, { timeout: READY_MS })
  await expect(button(notice, 'Retry')).toBeVisible()
  await expect(button(notice, 'Choose another image')).toBeVisible()
  await expect(button(notice, 'Copy details')).toBeVisible()

  await test.step('nothing of it is left', async () => {
    expect(await leftOnEngine(name)).toEqual([])
    await expect(page.getByRole('link', { name: new RegExp(`^${name},`) })).toHaveCount(0)
  })
  await test.step('Retry tries the same again', async () => {
    await button(notice, 'Retry').click()
    const failures = async () =>
      (await berth.client.operations.list({})).filter(({ workspaceName, status }) => workspaceName === name && status === 'failed')
    await expect.poll(async () => (await failures()).length, { timeout: READY_MS }).toBe(2)
    // That of the first try may be on its way out while the next is there already.
    await expect(async () => {
      await expect(notice).toHaveCount(1)
      await expect(notice).toContainText(image)
    }).toPass()
  })
  await test.step('Edit goes back to what was typed, and with the image left out it works', async () => {
    await button(notice, 'Edit').click()
    const opened = dialog(page)
    await expect(opened.getByLabel('Name', { exact: true })).toHaveValue(name)
    await expect(opened.getByLabel('Environment')).toHaveValue('GREETING=hello')
    await expect(opened.getByLabel('Image')).toHaveValue(image)
    await opened.getByLabel('Image').fill('')
    await button(opened, 'Create').click()
    await expect(row(page, name, 'running')).toBeVisible({ timeout: READY_MS })
  })
})

test('a repository that cannot be cloned leaves a workspace that runs, with the reason and another try', async ({ page, berth }) => {
  const name = uniqueName('clone')
  const git = await startLateGitServer()
  try {
    await createWorkspace(page, name, { Repository: git.url })
    await expect(row(page, name, 'running, needs attention')).toBeVisible({ timeout: READY_MS })
    const problem = page.getByRole('main').getByRole('alert', { name: 'The repository could not be cloned' })
    await expect(problem).toBeVisible({ timeout: READY_MS })
    await button(problem, 'Show log').click()
    await expect(dialog(page).getByRole('log')).toContainText('not found')
    await page.keyboard.press('Escape')
    git.come()
    await button(problem, 'Retry clone').click()
    await expect(problem).toBeHidden({ timeout: READY_MS })
    await expect.poll(async () => (await berth.client.workspaces.get({ workspace: name })).repoState).toBe('cloned')
    const listed = await berth.client.workspaces.exec({ workspace: name, command: ['ls', '/home/workspace/repo'] })
    expect(listed.stdout).toBe('README.md\n')
    await expect(row(page, name, 'running')).toBeVisible()
    const glance = page.getByRole('region', { name: 'At a glance' })
    await expect(glance).toContainText('no changes')
    await berth.client.workspaces.exec({ workspace: name, command: ['git', '-C', '/home/workspace/repo', 'checkout', '-qb', 'quay'] })
    await berth.client.workspaces.exec({ workspace: name, command: ['touch', '/home/workspace/repo/new'] })
    await button(glance, 'Look again').click()
    await expect(glance).toContainText('quay')
    await expect(glance).toContainText('1 changed file')
  } finally {
    await git.close()
  }
})

test('a creation that is cancelled while its image is pulled leaves nothing', async ({ page }) => {
  const name = uniqueName('cancel')
  const registry = await startServer(() => {})
  try {
    await createWorkspace(page, name, { Image: `localhost:${registry.port}/berth-e2e/never:1` })
    await expect(heading(page, name)).toBeVisible()
    await expect(stepUnderWay(page, 'Get the image')).toBeVisible()
    await button(page, 'Cancel').click()
    await expect(page.getByText(`Creation of ${name} cancelled`)).toBeVisible({ timeout: READY_MS })
    await expect(page.getByRole('link', { name: new RegExp(`^${name},`) })).toHaveCount(0)
    expect(await leftOnEngine(name)).toEqual([])
  } finally {
    registry.close()
  }
})

test('a creation that is cancelled while it clones leaves a workspace that runs, as it may have been worked in', async ({ page }) => {
  const name = uniqueName('cancel')
  const silent = await startServer(() => {})
  try {
    await createWorkspace(page, name, { Repository: `http://host.docker.internal:${silent.port}/never.git` })
    await expect(stepUnderWay(page, 'Clone repository')).toBeVisible({ timeout: READY_MS })
    await button(page, 'Cancel').click()
    await expect(row(page, name, 'running, needs attention')).toBeVisible({ timeout: READY_MS })
    await expect(button(page, 'Retry clone')).toBeVisible()
  } finally {
    silent.close()
  }
})

const stepUnderWay = (page: Page, title: string) =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: `under way:${title}` })

interface TestServer {
  port: number
  close(): void
}

/** On every address: workspaces come from the engine's bridge. */
async function startServer(answer: RequestListener): Promise<TestServer> {
  const server = createServer(answer).listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Its repository is not there until it comes. */
async function startLateGitServer(): Promise<{ url: string; come(): void; close(): Promise<void> }> {
  const git = await startGitServer()
  const { port } = new URL(git.url(''))
  let isThere = false
  const gate = await startServer((request, response) => {
    if (!isThere) return response.writeHead(404).end()
    const { url: path, method, headers } = request
    const passedOn = passOn({ port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    return request.pipe(passedOn)
  })
  return {
    url: `http://host.docker.internal:${gate.port}/demo.git`,
    come() {
      isThere = true
    },
    async close() {
      gate.close()
      await git.close()
    },
  }
}
