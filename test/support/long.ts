import { describe, it } from 'vitest'

/** Whether tests run that take longer than they are worth each time: `script/test long`. */
export const areLongRun = process.env.BERTH_LONG_TESTS === '1'

export const longIt = it.runIf(areLongRun)
export const longDescribe = describe.runIf(areLongRun)
