/** A distribution that Berth has a Dockerfile for. */
interface Distro {
  id: string
  /** As people call it. */
  title: string
  /** The published image that its Dockerfile starts from, unless a build names another. */
  base: string
  packageManager: 'apt' | 'pacman'
  /** `VERSION_CODENAME` in its `/etc/os-release`; “rolling” where there is none. */
  release: string
}

/** The distributions a workspace image can be built on. The Dockerfiles in `resources/workspace-image/distros` are generated from this table. */
export const DISTROS = [
  { id: 'debian-trixie', title: 'Debian 13', base: 'debian:13-slim', packageManager: 'apt', release: 'trixie' },
  { id: 'debian-bookworm', title: 'Debian 12', base: 'debian:12-slim', packageManager: 'apt', release: 'bookworm' },
  { id: 'ubuntu-noble', title: 'Ubuntu 24.04', base: 'ubuntu:24.04', packageManager: 'apt', release: 'noble' },
  { id: 'ubuntu-jammy', title: 'Ubuntu 22.04', base: 'ubuntu:22.04', packageManager: 'apt', release: 'jammy' },
  { id: 'arch-linux', title: 'Arch Linux', base: 'archlinux:latest', packageManager: 'pacman', release: 'rolling' },
] as const satisfies readonly Distro[]

export type DistroId = (typeof DISTROS)[number]['id']

/** Of workspaces that ask for no other. */
export const DEFAULT_DISTRO: DistroId = 'debian-trixie'

/** `base` has only what Berth needs, `full` is ready for work. */
export const IMAGE_SIZES = ['base', 'full'] as const
export type ImageSize = (typeof IMAGE_SIZES)[number]

/** The stage of each Dockerfile that makes the size, which is also the name of the image on the engine. */
export const IMAGE_TARGETS = { base: 'berth-base', full: 'berth' } as const satisfies Record<ImageSize, string>

/** The Dockerfile of the distribution, in `resources/workspace-image`. */
export function dockerfileOf(distro: DistroId): string {
  return `distros/${distro}.Dockerfile`
}

/** The name on the engine of what is built of that Dockerfile. */
export function localImage(distro: DistroId, size: ImageSize): string {
  return `${IMAGE_TARGETS[size]}:${distro === DEFAULT_DISTRO ? 'latest' : distro}`
}
