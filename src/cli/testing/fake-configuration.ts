import { maskEnvironment, type ShownEnvironment } from '../../shared/environment'
import { sealedText } from '../../shared/secret'
import {
  type ConfigurationChange,
  type CreationConfiguration,
  changeConfiguration,
  initialConfiguration,
  type ShownConfiguration,
} from '../../shared/workspace-configuration/configuration'

/** The fields that are set, as doors show them then. */
export function fakeChange(
  { env, ...current }: ShownConfiguration,
  given: CreationConfiguration & ConfigurationChange,
): Partial<ShownConfiguration & { image: string }> {
  const sealed = Object.fromEntries(Object.keys(env).map((name) => [name, sealedText('')]))
  const changed = changeConfiguration({ ...initialConfiguration, ...current, env: sealed }, given, { seal: sealedText, open: () => null })
  return { ...changed, ...(changed.env === undefined ? {} : { env: maskEnvironment(changed.env) }) } as Partial<
    ShownConfiguration & { image: string }
  >
}

/** Every variable has the value “revealed”. */
export function fakeEnvironment(env: Record<string, string>, reveal: boolean): ShownEnvironment {
  return { variables: reveal ? Object.fromEntries(Object.keys(env).map((name) => [name, 'revealed'])) : maskEnvironment(env), lost: [] }
}
