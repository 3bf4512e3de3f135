import type { LogSourceName } from '../../../shared/contract/logs'

/** By hand, so that completion and help do without loading the schemas; the type has it complete. */
const SOURCES: Record<LogSourceName, true> = {
  container: true,
  init: true,
  'post-start': true,
  build: true,
  devcontainer: true,
  engine: true,
  ssh: true,
}

export const LOG_SOURCES: readonly string[] = Object.keys(SOURCES)
