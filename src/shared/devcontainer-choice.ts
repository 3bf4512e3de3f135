/** Whether a dev container is opened when a workspace has one. */
export const DEVCONTAINER_CHOICES = ['ask', 'always', 'never'] as const
export type DevcontainerChoice = (typeof DEVCONTAINER_CHOICES)[number]

/** The choice of one workspace; `inherit` for that of the settings. */
export const WORKSPACE_DEVCONTAINER_CHOICES = ['inherit', ...DEVCONTAINER_CHOICES] as const
export type WorkspaceDevcontainerChoice = (typeof WORKSPACE_DEVCONTAINER_CHOICES)[number]

/** What counts for a workspace. */
export function devcontainerChoice(own: WorkspaceDevcontainerChoice, setting: DevcontainerChoice): DevcontainerChoice {
  return own === 'inherit' ? setting : own
}
