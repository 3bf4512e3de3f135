import type { Settings } from '../../shared/contract/settings'
import { PLAIN_LOCALE } from '../../shared/locale'

/** The time zone and the locale of the user, where they are known. */
interface Region {
  timeZone: string | null
  locale: string | null
}

/** Which locales an image has besides C.UTF-8: language and country, all in UTF-8, with blanks between them. */
const LABEL_LOCALES = 'dev.berth.locales'

/** Of this machine. `language` is what a program shows where no variable says more: “de-DE”. */
export function hostRegion(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform, { timeZone, language } = systemRegion()): Region {
  const name = environment.LC_ALL || environment.LANG
  // Desktops other than Linux's have a language without any variable; on Linux none means the plain one.
  const given = name || (platform === 'linux' ? '' : countryOf(language))
  const locale = /^[a-z]{2,3}_[A-Z]{2}(?=$|[.@])/.exec(given)?.[0]
  return { timeZone: timeZone ?? null, locale: locale === undefined ? null : `${locale}.UTF-8` }
}

function systemRegion(): { timeZone: string | undefined; language: string } {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions()
  // ICU's word for a machine whose zone it does not find.
  return { timeZone: timeZone === 'Etc/Unknown' ? undefined : timeZone, language: locale }
}

function countryOf(tag: string): string {
  const { language, region } = new Intl.Locale(tag)
  return region === undefined ? '' : `${language}_${region}`
}

/**
 * The variables with which programs in a container with these labels find both. A locale that its image does not have is left out: the
 * image's own stays, since shells complain about a missing one.
 */
export function regionVariables(
  settings: Pick<Settings, 'timeZone' | 'locale'>,
  host: Region,
  labels: Record<string, string>,
): Record<string, string> {
  const timeZone = settings.timeZone ?? host.timeZone
  const locale = settings.locale ?? host.locale
  const found = (labels[LABEL_LOCALES] ?? '').split(' ').map((name) => `${name}.UTF-8`)
  const hasLocale = locale !== null && [...found, PLAIN_LOCALE].includes(locale)
  return { ...(timeZone === null ? {} : { TZ: timeZone }), ...(hasLocale ? { LANG: locale } : {}) }
}
