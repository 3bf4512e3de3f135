/**
 * Options of Node for the process that has a core and no window. A young generation of 1 MiB (16 is usual): garbage of a flood in a
 * terminal is collected sooner, while it is still in the processor's cache.
 */
export const CORE_NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1']
