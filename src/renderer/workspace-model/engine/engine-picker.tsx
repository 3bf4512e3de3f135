import { useEngines } from '../../store/store'
import { Select } from '../../ui/field'
import { defaultFirst, engineObstacle } from './describe-engine'
import { showEngine, useShownEngine } from './shown-engine'

/** Whose storage and images are shown; nothing where there is one engine only. */
export function EnginePicker() {
  const engines = useEngines()
  const shown = useShownEngine()
  if (engines.length < 2) return null
  return (
    <span className="w-28 min-[900px]:w-40">
      <Select aria-label="Engine" value={shown?.id} onChange={(event) => showEngine(event.target.value)}>
        {defaultFirst(engines).map(({ id, name, state }) => {
          const obstacle = engineObstacle(state)
          return (
            <option key={id} value={id}>
              {obstacle === null ? name : `${name}, ${obstacle}`}
            </option>
          )
        })}
      </Select>
    </span>
  )
}
