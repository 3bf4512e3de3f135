import { expect, it } from 'vitest'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { createNameReservations } from './name-reservations'

const record = workspaceRecord({ id: 'q7m2k9x4b1c8ty', name: 'api' })
const records = {
  findByName: (name: string) => (name === record.name ? record : null),
  get: (id: string) => (id === record.id ? record : null),
}
const reservations = createNameReservations({ ...records, view: () => null }, {} as never)

it('gives a name once, and none that is the id of a workspace', async () => {
  const nothing = async () => undefined
  await expect(reservations.withName('api', nothing)).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  await expect(reservations.withName(record.id, nothing)).rejects.toThrow('is the id of the workspace api')
  await reservations.withName('web', async () => {
    await expect(reservations.withName('web', nothing)).rejects.toMatchObject({ code: 'NAME_TAKEN' })
  })
  await reservations.withName('web', nothing)
})
