import { lstat, mkdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BerthError } from '../../../shared/errors'
import { fileErrorCode, isMissing } from '../../../shared/file-error-code'
import { folderIdentity } from '../../host/folder-identity'
import type { HostMachine } from '../../host/host-machine'
import type { StepContext, UndoContext } from '../../operations/operation-definition'
import type { HostRecord, HostRecords } from '../../settings/records'

/** What an operation keeps of the folder that it makes: where there was none before, and which one it made there. */
const ABSENT = 'folder absent'
const MADE = 'folder made'

/** The real path of the folder. Throws HOST_FOLDER_UNUSABLE if it does not exist, is not a folder, or belongs to another workspace. */
export async function existingFolder(path: string, hosts: Pick<HostRecords, 'list'>): Promise<string> {
  let folder: string
  try {
    folder = await realpath(path)
    if (!(await stat(folder)).isDirectory()) throw unusable(path, 'it is not a folder')
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === null) throw error
    throw unusable(path, code === 'ENOENT' ? 'it does not exist' : code)
  }
  const other = hosts.list().find(({ hostFolder }) => hostFolder === folder)
  if (other) throw unusable(path, `the host workspace ${other.name} uses it`)
  return folder
}

/** Where a folder can be made. Throws HOST_FOLDER_UNUSABLE when there is something already. */
export async function newFolder(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const folder = join(await realpath(dirname(path)), basename(path))
  if (await isThere(folder)) throw unusable(folder, 'it already exists')
  return folder
}

/** Throws HOST_FOLDER_UNUSABLE for a workspace whose folder is gone. */
export async function assertFolder({ hostFolder }: Pick<HostRecord, 'hostFolder'>): Promise<void> {
  try {
    if ((await stat(hostFolder)).isDirectory()) return
  } catch (error) {
    if (fileErrorCode(error) === null) throw error
    throw unusable(hostFolder, fileErrorCode(error) === 'ENOENT' ? 'it no longer exists' : String(fileErrorCode(error)))
  }
  throw unusable(hostFolder, 'it is not a folder')
}

type Remembering = Pick<StepContext<unknown>, 'remember' | 'recall'>

/** Makes an empty folder, once; returns which one it is. */
export async function makeFolder(folder: string, context: Remembering): Promise<string> {
  const made = context.recall(MADE)
  if (made !== null && (await folderIdentity(folder)) === made) return made
  if (await isThere(folder)) throw unusable(folder, 'it already exists')
  await context.remember(ABSENT, folder)
  await mkdir(folder)
  const identity = await folderIdentity(folder)
  if (identity === null) throw unusable(folder, 'it was removed while it was being created')
  await context.remember(MADE, identity)
  return identity
}

/**
 * Copies the folder to a temporary place first, so that the target is complete; returns its identity. The temporary name has the number of
 * the operation, which nobody else uses.
 */
export async function copyToFolder(
  { copyFolder }: Pick<HostMachine, 'copyFolder'>,
  source: string,
  target: string,
  context: Remembering & Pick<StepContext<unknown>, 'operationId' | 'signal' | 'progress'>,
): Promise<string> {
  const made = context.recall(MADE)
  if (made !== null && (await folderIdentity(target)) === made) return made
  const partial = partialPath(target, context.operationId)
  await removeMade(partial, context)
  const identity = await makeFolder(partial, { ...context, recall: () => null })
  await copyFolder(source, partial, { signal: context.signal, onProgress: context.progress })
  if (await isThere(target)) throw unusable(target, 'it already exists')
  await rename(partial, target)
  return identity
}

/** Takes back what this operation made at that path, and nothing else. */
export async function takeBackFolder(target: string, context: UndoContext): Promise<void> {
  for (const path of [partialPath(target, context.operationId), target]) await removeMade(path, context)
}

async function removeMade(path: string, { recall }: Pick<UndoContext, 'recall'>): Promise<void> {
  const identity = await folderIdentity(path)
  if (identity === null) return
  if (identity === recall(MADE)) return rm(path, { recursive: true, force: true })
  // Killed between making it and noting which one it is: as long as it is empty, nothing is lost.
  if (recall(MADE) === null && recall(ABSENT) === path) await removeIfEmpty(path)
}

async function removeIfEmpty(path: string): Promise<void> {
  try {
    await rmdir(path)
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOTEMPTY' && fileErrorCode(error) !== 'EEXIST') throw error
  }
}

/** Removes the folder that Berth made for the workspace; false when another one is there by now, which is left. */
export async function removeOwnFolder({ hostFolder, created }: Pick<HostRecord, 'hostFolder' | 'created'>): Promise<boolean> {
  const identity = await folderIdentity(hostFolder)
  if (identity === null) return true
  if (identity !== created) return false
  await rm(hostFolder, { recursive: true, force: true })
  return true
}

const partialPath = (target: string, operationId: string) => join(dirname(target), `.${basename(target)}.berth-${operationId}`)

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

export function unusable(folder: string, reason: string): BerthError {
  return new BerthError('HOST_FOLDER_UNUSABLE', `The folder ${folder} cannot be used: ${reason}.`, {
    ...{ folder, reason },
    next: 'Choose another folder, or correct this one.',
  })
}
