import type { LogSourceName } from '../../shared/contract/logs'

/** Where in a workspace the logs are that are files there; the run before is beside each, as `.old`. */
export const SERVICE_LOGS: Record<Exclude<LogSourceName, 'container' | 'build'>, string> = {
  // Written by Berth.
  init: '/var/log/berth/init.log',
  'post-start': '/var/log/berth/post-start.log',
  devcontainer: '/var/log/berth/devcontainer.log',
  // Written by the entrypoint.
  engine: '/var/log/berth/dockerd.log',
  ssh: '/var/log/berth/sshd.log',
}
