import type { Adoptable } from '../../../shared/adoptable'

/** Whose it is, to go after “of”. */
export function makerOf({ from }: Pick<Adoptable, 'from'>): string {
  switch (from) {
    case 'perry':
      return 'Perry'
    case 'berth':
      return 'another Berth'
    default:
      return from satisfies never
  }
}
