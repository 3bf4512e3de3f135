import type { ListedImage } from '../../shared/contract/images'

export const fakeImage: ListedImage = {
  id: 'sha256:0123456789abcdef',
  references: ['berth:latest'],
  isBerths: true,
  isOutdated: true,
  sizeBytes: 1_200_000_000,
  createdAt: '2026-01-01T00:00:00.000Z',
  usedBy: ['demo'],
  isRemovable: false,
}
