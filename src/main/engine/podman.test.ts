import { expect, it } from 'vitest'
import { engineCapabilities } from '../../shared/testing/engine-capabilities'
import { familiarReference, imageIdOf, isNamed, unmaskedOnPodman } from './podman'

it('ids and names of images are as Docker writes them', () => {
  expect([imageIdOf('abc'), imageIdOf('sha256:abc'), imageIdOf('')]).toEqual(['sha256:abc', 'sha256:abc', ''])
  const names = ['docker.io/library/debian:12', 'docker.io/berth-layer/a:x', 'localhost/mine:1', 'ghcr.io/a/b:1', 'mine:1']
  expect(names.map(familiarReference)).toEqual(['debian:12', 'berth-layer/a:x', 'localhost/mine:1', 'ghcr.io/a/b:1', 'mine:1'])
})

it('of the names of an image only those count that are asked for', () => {
  expect(isNamed('berth-layer/a:x', 'berth-layer/a')).toBe(true)
  expect(isNamed('berth-layer/a:x', 'berth-layer/*')).toBe(true)
  expect(isNamed('berth-layer/b:x', 'berth-layer/a')).toBe(false)
  expect(isNamed('berth-layer/ab:x', 'berth-layer/a')).toBe(false)
  expect(isNamed('berth-layer/a/b:x', 'berth-layer/*')).toBe(false)
  expect(isNamed('localhost/berth:latest', 'berth:latest')).toBe(true)
  expect(isNamed('berth:other', 'berth:latest')).toBe(false)
  expect(isNamed('localhost:5000/a:1', 'localhost:5000/a')).toBe(true)
  expect(isNamed('debian:12', 'docker.io/library/debian:12')).toBe(true)
})

it('nested engines get the console to hand on only where control groups ask for it', () => {
  const devicesOf = (changes: object) =>
    unmaskedOnPodman(
      { capabilities: ['SYS_ADMIN'], securityOptions: ['seccomp=unconfined'] },
      engineCapabilities({ product: 'podman', ...changes }),
    ).Devices
  expect(devicesOf({ cgroupVersion: 1 })).toHaveLength(1)
  expect([devicesOf({ cgroupVersion: 2 }), devicesOf({ cgroupVersion: 1, rootless: true })]).toEqual([undefined, undefined])
})
