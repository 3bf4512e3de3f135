import { debianObstacle, debianSystem } from './debian-system'
import { type SecondEngine, startSecondEngine } from './second-engine'

const SYSTEM = 'docker-26'
const PACKAGES = ['docker.io', 'docker-cli', 'iptables', 'procps']

/** Why this machine cannot have it; null when it can. */
export function docker26Obstacle(): string | null {
  return debianObstacle(SYSTEM)
}

/** Docker 26.1 of Debian 13, beside the machine's engine. The first time its system is made and kept, which takes a minute or two. */
export async function startDocker26({ hostname }: { hostname?: string } = {}): Promise<SecondEngine> {
  return startSecondEngine({ ...(hostname ? { hostname } : {}), system: await debianSystem(SYSTEM, PACKAGES) })
}
