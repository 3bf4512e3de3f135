import type { DamagedFile } from '../../../shared/damaged-file'
import { type BerthError, isBerthError } from '../../../shared/errors'
import type { Finding } from '../../../shared/finding'
import type { Operations } from '../../operations/operations'
import type { Doctor } from './doctor'
import { damagedFileFinding, engineAway, operationFindings } from './findings'

interface Examined {
  place: { name: string }
  upkeep: { doctor: Doctor }
}

interface DoctorsOptions {
  engines: { all(): Examined[] }
  operations: Pick<Operations, 'list'>
  damagedFiles: () => DamagedFile[]
}

/**
 * The doctors of all engines, and what is amiss with Berth itself. An engine that does not answer is a finding; when none does, ENGINE_UNREACHABLE is
 * thrown.
 */
export function createDoctors({ engines, operations, damagedFiles }: DoctorsOptions): Doctor {
  async function onEach(work: (doctor: Doctor) => Promise<Finding[]>): Promise<Finding[]> {
    const all = engines.all()
    const found = await Promise.all(all.map(async ({ place, upkeep }) => orAway(place.name, work(upkeep.doctor))))
    const away = found.flatMap((each) => ('away' in each ? [each.away] : []))
    const [first] = away
    if (first && away.length === all.length) throw first
    const ofEngines = found.flatMap((each) => ('away' in each ? [engineAway(each.name, each.away)] : each.findings))
    return [...ofEngines, ...operations.list().flatMap(operationFindings), ...damagedFiles().map(damagedFileFinding)]
  }

  return {
    examine: () => onEach((doctor) => doctor.examine()),
    repair: () => onEach((doctor) => doctor.repair()),
  }
}

async function orAway(
  name: string,
  work: Promise<Finding[]>,
): Promise<{ findings: Finding[] } | { name: string; away: BerthError<'ENGINE_UNREACHABLE'> }> {
  try {
    return { findings: await work }
  } catch (error) {
    if (!isBerthError(error, 'ENGINE_UNREACHABLE')) throw error
    return { name, away: error }
  }
}
