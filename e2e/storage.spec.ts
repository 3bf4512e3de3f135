import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inContainer } from '../src/shared/testing/in-container'
import { keepersOf } from '../test/support/test-core'
import { expect, test } from './berth-fixture'
import { type Berth, docker, uniqueName } from './berth-process'
import { button, dialog, READY_MS, row } from './page-parts'

test.use({ alone: true })

test('the storage screen shows what each workspace takes, warns of a limit, and goes to change it', async ({ page, berth }) => {
  const [big, small] = [uniqueName('big'), uniqueName('small')]
  await Promise.all([big, small].map((name) => berth.client.workspaces.start({ name, wait: true })))
  await berth.client.workspaces.exec({
    workspace: big,
    command: ['sh', '-c', 'head -c 94371840 /dev/urandom > /home/workspace/weight'],
  })
  await page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'disk' }).click()
  const table = page.getByRole('region', { name: 'Workspaces' })
  await expect(table.getByRole('rowheader')).toHaveText([big, small], { timeout: READY_MS })
  await expect(table.getByRole('img', { name: `${big}: Home 90` })).toBeVisible()
  await expect(page.getByRole('region', { name: 'All together' }).getByRole('img', { name: 'Disk of the engine' })).toBeVisible()

  await test.step('by name too', async () => {
    await page.getByRole('radio', { name: 'Name' }).click()
    await expect(table.getByRole('rowheader')).toHaveText([big, small].toSorted())
  })

  await test.step('as a map, where each is a way to its workspace', async () => {
    await page.getByRole('radio', { name: 'Map' }).click()
    const map = page.getByRole('list', { name: 'Map of disk use' })
    await expect(map.getByRole('link')).toHaveCount(2)
    const [large, little] = await Promise.all([big, small].map((name) => map.getByRole('link', { name }).boundingBox()))
    expect((large?.width ?? 0) * (large?.height ?? 0)).toBeGreaterThan((little?.width ?? 0) * (little?.height ?? 0))
    await page.getByRole('radio', { name: 'Bars' }).click()
  })

  await test.step('the numbers of a bar are told to the keyboard', async () => {
    await table.getByRole('img', { name: big }).focus()
    await expect(page.getByRole('tooltip')).toContainText('Home 90')
  })

  await test.step('a limit that is no size is refused as typed; one that is nearly reached is warned of', async () => {
    await button(table, `Set limit of ${big}`).click()
    await dialog(page).getByLabel('Limit').fill('a lot')
    await expect(dialog(page).getByLabel('Limit')).toHaveAccessibleDescription('Enter a size such as 4G, 500M or 1.5 TiB.')
    await dialog(page).getByLabel('Limit').fill('95 MB')
    await page.keyboard.press('Enter')
    const warning = page.getByRole('list', { name: 'Nearly full' }).getByRole('listitem')
    await expect(warning).toContainText(big, { timeout: READY_MS })
    await expect(page.getByRole('navigation', { name: 'Status' })).toContainText('nearly full')
    expect((await berth.client.workspaces.get({ workspace: big })).limits.diskBytes).toBe(95 * 1024 ** 2)
    await button(warning, 'Change limit').click()
    await expect(dialog(page).getByLabel('Limit')).toHaveValue('95 MiB')
    await page.keyboard.press('Escape')
  })

  await test.step('a clone that would go past the limit of all is refused, with the way to the limit', async () => {
    await berth.client.settings.update({ totalDiskBytes: 100 * 1024 ** 2 })
    await row(page, big, 'running').click()
    await button(page, 'Clone').click()
    await page.keyboard.press('Enter')
    const notice = page.getByRole('alert').filter({ hasText: 'This would exceed the limit' })
    await button(notice, 'Change limit').click()
    await expect(page.getByRole('textbox', { name: 'Limit for all workspaces' })).toHaveValue('100 MiB')
  })
})

test('the clean-up shows what nobody needs, removes what was chosen after a question, and leaves the rest', async ({ page, berth }) => {
  const owner = (await readFile(join(berth.home, 'installation-id'), 'utf8')).trim()
  const [goes, stays] = [`workspace-${uniqueName('goes')}`, `workspace-${uniqueName('stays')}`]
  for (const name of [goes, stays]) {
    await docker.createVolume({
      Name: name,
      Labels: { 'dev.berth.owner': owner, 'dev.berth.id': name, 'dev.berth.role': 'home', 'dev.berth.name': 'former' },
    })
  }
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Storage' }).click()
  const panel = page.getByRole('region', { name: 'Clean up' })
  await expect(panel.getByRole('checkbox', { name: `Volume ${goes}` })).toBeChecked({ timeout: READY_MS })
  // There may be images of others on this engine: nothing but the one volume is to go.
  await panel.getByRole('checkbox', { name: 'All' }).check()
  await panel.getByRole('checkbox', { name: 'All' }).uncheck()
  await expect(panel.getByRole('checkbox', { checked: true })).toHaveCount(0)
  await expect(panel.getByRole('button', { name: /^Remove 0 items/ })).toBeDisabled()
  await panel.getByRole('checkbox', { name: `Volume ${goes}` }).press('Space')
  await panel.getByRole('button', { name: /^Remove 1 item/ }).click()
  await expect(dialog(page).getByRole('listitem')).toHaveText([`Volume ${goes}`])
  await button(dialog(page), 'Cancel').click()
  expect(await volumeNames(owner)).toEqual([goes, stays].toSorted())

  await panel.getByRole('button', { name: /^Remove 1 item/ }).click()
  await button(dialog(page), 'Remove').click()
  // First what is there for a few seconds only.
  await expect(page.getByText('Cleaned up the disk')).toBeVisible({ timeout: READY_MS })
  await expect(panel.getByRole('checkbox', { name: `Volume ${goes}` })).toHaveCount(0, { timeout: READY_MS })
  await expect(panel.getByRole('checkbox', { name: `Volume ${stays}` })).toBeVisible()
  expect(await volumeNames(owner)).toEqual([stays])
})

test('the check tells what somebody removed past Berth, and repairs what it can', async ({ page, berth }) => {
  const [whole, empty] = [uniqueName('whole'), uniqueName('empty')]
  for (const name of [whole, empty]) {
    await berth.client.workspaces.start({ name, wait: true })
    await berth.client.workspaces.stop({ workspace: name, wait: true })
  }
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Storage' }).click()
  const check = page.getByRole('region', { name: 'Check' })
  await expect(check).toContainText('Everything that should exist on the engine does.', { timeout: READY_MS })
  await expect(check.getByRole('button', { name: /^Repair/ })).toHaveCount(0)

  const { id, volumes } = await berth.client.workspaces.get({ workspace: whole })
  const ofEmpty = inContainer(await berth.client.workspaces.get({ workspace: empty }))
  await expect.poll(() => keepersOf(id), { timeout: READY_MS }).toHaveLength(1)
  await docker.getContainer(`workspace-${whole}`).remove()
  await docker.getContainer(`workspace-${empty}`).remove()
  // Berth makes keepers again at this moment, which have the volume before they run.
  await expect(async () => {
    const holders = await docker.listContainers({ all: true, filters: { volume: [ofEmpty.volumes.home] } })
    for (const { Id } of holders) await docker.getContainer(Id).remove({ force: true })
    await docker.getVolume(ofEmpty.volumes.home).remove()
  }).toPass({ timeout: READY_MS, intervals: [50] })
  const findings = check.getByRole('list', { name: 'Findings' }).getByRole('listitem')
  await expect(findings.filter({ hasText: whole })).toContainText('Can be restored', { timeout: READY_MS })
  await expect(findings.filter({ hasText: 'The home volume' })).toContainText('Lost')

  await check.getByRole('button', { name: 'Repair 1' }).click()
  await expect(findings.filter({ hasText: whole })).toContainText('Repaired', { timeout: READY_MS })
  await expect(findings.filter({ hasText: 'The home volume' })).toContainText('Lost')
  await expect(row(page, whole, 'stopped')).toBeVisible()
  expect((await berth.client.workspaces.get({ workspace: whole })).volumes).toEqual(volumes)
})

test('the pool is made and grown in the settings, and removed when nothing is on it any more', async ({ page, berth }) => {
  const { obstacle } = await berth.client.storage.info({})
  test.info().skip(obstacle !== null, `This engine can have no pool: ${obstacle}`)
  const name = uniqueName('pool')
  const size = page.getByRole('textbox', { name: 'Size of the pool' })
  try {
    await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Settings' }).click()
    await size.fill('1 GiB')
    await button(page, 'Make pool').click()
    await expect(page.getByRole('radio', { name: 'Pool' })).toBeChecked({ timeout: READY_MS })
    await expect(page.getByText('of 1 GiB')).toBeVisible()

    await size.fill('512 MiB')
    await expect(button(page, 'Grow pool')).toBeDisabled()
    await size.fill('2 GiB')
    await size.press('Enter')
    await expect(page.getByText('of 2 GiB')).toBeVisible({ timeout: READY_MS })

    await berth.client.workspaces.start({ name, wait: true })
    await button(page, 'Remove pool…').click()
    await button(dialog(page), 'Remove').click()
    await expect(page.getByRole('main').getByRole('alert')).toContainText(`workspace-${name}`, { timeout: READY_MS })

    await berth.client.workspaces.delete({ workspace: name, wait: true })
    await button(page.getByRole('main').getByRole('alert'), 'Retry').click()
    await expect(button(page, 'Make pool')).toBeVisible({ timeout: READY_MS })
    expect((await berth.client.settings.get()).newWorkspaceStorage).toBe('plain')
  } finally {
    await removePool(berth)
  }
})

/** A loop device would outlive the test. */
async function removePool({ client }: Berth): Promise<void> {
  for (const { id } of await client.workspaces.list()) await client.workspaces.delete({ workspace: id, wait: true })
  await client.storage.disable({})
}

async function volumeNames(owner: string): Promise<string[]> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`dev.berth.owner=${owner}`] } })
  return volumes.map(({ Name }) => Name).toSorted()
}
