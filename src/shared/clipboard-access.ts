/** Whether programs in a workspace can write to the clipboard of whoever views their terminal. They can never read it. */
export const CLIPBOARD_ACCESS = ['ask', 'allow', 'never'] as const
export type ClipboardAccess = (typeof CLIPBOARD_ACCESS)[number]
