import { useEngines } from '../../store/store'
import { Field, Select } from '../../ui/field'
import { defaultFirst, describeOneEngine, engineObstacle } from './describe-engine'

interface EngineFieldProps {
  /** Its name; empty for that of new workspaces. */
  value: string
  /** Not offered: the one that it is on. */
  except?: string | null
  onChange(event: { target: { value: string } }): void
}

/** Where a workspace is made. Nothing where there is one engine only; those that do not answer cannot be chosen. */
export function EngineField({ value, except = null, onChange }: EngineFieldProps) {
  const all = useEngines()
  if (all.length < 2) return null
  const engines = all.filter(({ name }) => name !== except)
  const chosen = engines.find(({ name }) => name === value) ?? engines.find(({ isDefault }) => isDefault)
  const obstacle = chosen === undefined ? null : engineObstacle(chosen.state)
  return (
    <Field label="Engine" warning={chosen !== undefined && obstacle !== null && `${chosen.name}: ${obstacle}`}>
      {(control) => (
        <Select {...control} value={chosen?.name} onChange={onChange}>
          {defaultFirst(engines).map(({ id, name, state }) => (
            <option key={id} value={name} disabled={engineObstacle(state) !== null}>
              {name}, {describeOneEngine(state)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
