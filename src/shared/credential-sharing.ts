/** Whether a workspace has the files, keys and logins that the settings give every workspace (their section “credentials”), and the ssh agent. */
export const CREDENTIAL_SHARING = ['shared', 'none'] as const
export type CredentialSharing = (typeof CREDENTIAL_SHARING)[number]
