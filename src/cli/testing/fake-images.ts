import type { ListedImage } from '../../shared/contract/images'

export const fakeImage: ListedImage = {
  id: 'sha256:0123456789abcdef',
  references: ['berth:latest'],
  isBerths: true,
  isOutdated: true,
  sizeBytes: 1.5 * 1024 ** 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  usedBy: ['demo'],
  isRemovable: false,
}
