import type { Adoptable } from '../../../shared/adoptable'
import { useAdoptable } from '../../store/store'

/** Those of Perry that nothing keeps from being adopted. Those of another Berth are most likely in somebody's use. */
export function useAdoptableFromPerry(): Adoptable[] {
  return useAdoptable().filter(({ from, obstacle }) => from === 'perry' && obstacle === null)
}
