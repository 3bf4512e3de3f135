/**
 * What Node is started with for the process that has a core and no window. A young generation of 1 MiB (16 is usual): what a flood in a
 * terminal leaves behind is taken away as soon, and while it is still in the processor's cache.
 */
export const CORE_NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1']
