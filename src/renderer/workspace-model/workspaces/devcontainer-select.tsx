import type { ComponentProps } from 'react'
import { WORKSPACE_DEVCONTAINER_CHOICES, type WorkspaceDevcontainerChoice } from '../../../shared/devcontainer-choice'
import { Select } from '../../ui/field'

const WORDS: Record<WorkspaceDevcontainerChoice, string> = {
  inherit: 'As the settings say',
  ask: 'Ask',
  always: 'Open',
  never: 'Ignore',
}

/** Whether the dev container of a workspace's repository is opened. */
export function DevcontainerSelect(props: ComponentProps<'select'>) {
  return (
    <Select {...props}>
      {WORKSPACE_DEVCONTAINER_CHOICES.map((value) => (
        <option key={value} value={value}>
          {WORDS[value]}
        </option>
      ))}
    </Select>
  )
}
