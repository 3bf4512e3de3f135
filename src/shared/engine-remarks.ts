import type { EngineState } from './contract/engines'

/** What of the engine is not as on most machines, each in a few words; nothing while it is not connected. */
export function engineRemarks(engine: EngineState): string[] {
  if (engine.status !== 'connected') return []
  const { rootless, cgroupVersion, groups, limits, changeLimits, networksApart, swarm } = engine.capabilities
  const missing = [limits.memory ? [] : 'memory', limits.cpus ? [] : 'processors', limits.processes ? [] : 'processes'].flat()
  return [
    ...(rootless ? ['rootless'] : []),
    ...(groups ? [] : ['no control groups: cannot measure, limit or pause workspaces']),
    ...(groups && cgroupVersion === 1 ? ['control groups of version 1'] : []),
    ...(groups && missing.length > 0 ? [`cannot limit ${missing.join(', ')}`] : []),
    ...(missing.length < 3 && !changeLimits ? ['cannot change the limits of a workspace that is running'] : []),
    ...(networksApart ? [] : ['cannot isolate workspaces from each other']),
    ...(swarm === 'none' ? [] : [`in a swarm (${swarm})`]),
  ]
}
