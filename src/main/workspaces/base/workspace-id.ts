import { customAlphabet } from 'nanoid'

/** A new id for a workspace or a snapshot: lowercase, as required for names of images. */
export const newWorkspaceId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 14)
