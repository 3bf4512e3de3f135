import { customAlphabet } from 'nanoid'

/** A new id for a workspace or a snapshot: lowercase, as the names of images must be that are made of it. */
export const newWorkspaceId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 14)
