declare const __BERTH_VERSION__: string

/** Of package.json, put in when Berth is built. */
export const version: string = __BERTH_VERSION__
