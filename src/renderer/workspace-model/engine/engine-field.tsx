import type { EngineView } from '../../../shared/contract/engines'
import { useEngines, useSwarms } from '../../store/store'
import { Field, Select, TextInput } from '../../ui/field'
import { defaultFirst, describeOneEngine, engineObstacle } from './describe-engine'
import { describeSwarm, type Placement, swarmObstacle } from './placement'

interface EngineFieldProps {
  value: Placement
  /** Name of the engine that is not offered: the one that it is on. */
  except?: string | null
  /** Why the constraints cannot be taken; null when they can. */
  problem?: string | null
  onChange(change: Partial<Placement>): void
}

/**
 * Where a workspace is made: an engine, or a Swarm and what its node has to be like. Nothing where there is one engine only; those that
 * do not answer cannot be chosen.
 */
export function EngineField({ value, except = null, problem = null, onChange }: EngineFieldProps) {
  const all = useEngines()
  const swarms = useSwarms()
  if (all.length + swarms.length < 2) return null
  const engines = all.filter(({ name }) => name !== except)
  const options = [
    ...swarms.map(({ name, isDefault, ...swarm }) => ({ name, isDefault, isSwarm: true, obstacle: swarmObstacle(swarm) })),
    ...engines.map(({ name, isDefault, state }) => ({ name, isDefault, isSwarm: false, obstacle: engineObstacle(state) })),
  ]
  const chosen = options.find(({ name }) => name === value.engine) ?? options.find(({ isDefault }) => isDefault)
  const obstacle = chosen?.obstacle ?? null
  return (
    <>
      <Field
        label={swarms.length === 0 ? 'Engine' : 'Engine or Swarm'}
        hint={chosen?.isSwarm ? 'Swarm chooses the node' : undefined}
        warning={chosen !== undefined && obstacle !== null && `${chosen.name}: ${obstacle}`}
      >
        {(control) => (
          <Select
            {...control}
            value={chosen?.name}
            onChange={({ target }) => {
              const isSwarm = swarms.some(({ name }) => name === target.value)
              onChange({ engine: target.value, ...(isSwarm ? {} : { constraints: '' }) })
            }}
          >
            {swarms.length === 0 ? (
              <EngineOptions engines={engines} />
            ) : (
              <>
                <optgroup label="Swarms">
                  {swarms.map((swarm) => (
                    <option key={swarm.id} value={swarm.name} disabled={swarmObstacle(swarm) !== null}>
                      {swarm.name}, Swarm, {describeSwarm(swarm)}
                    </option>
                  ))}
                </optgroup>
                <optgroup label="Engines">
                  <EngineOptions engines={engines} />
                </optgroup>
              </>
            )}
          </Select>
        )}
      </Field>
      {chosen?.isSwarm && (
        <Field label="Constraints" hint="Optional: constraints on the node, separated by commas" problem={problem}>
          {(control) => (
            <TextInput
              {...control}
              mono
              placeholder="node.labels.disk==ssd"
              value={value.constraints}
              // They are of this Swarm, whatever becomes the one for new workspaces meanwhile.
              onChange={({ target }) => onChange({ engine: chosen.name, constraints: target.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}

function EngineOptions({ engines }: { engines: readonly EngineView[] }) {
  return defaultFirst(engines).map(({ id, name, state }) => (
    <option key={id} value={name} disabled={engineObstacle(state) !== null}>
      {name}, {describeOneEngine(state)}
    </option>
  ))
}
