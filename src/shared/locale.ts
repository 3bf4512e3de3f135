import { z } from 'zod'

/** In every image, without a locale of its own. */
export const PLAIN_LOCALE = 'C.UTF-8'

/** A locale by the name of LANG. */
export const localeSchema = z.string().regex(/^([a-z]{2,3}_[A-Z]{2}|C)\.UTF-8$/, `Enter a locale such as de_DE.UTF-8, or ${PLAIN_LOCALE}.`)
