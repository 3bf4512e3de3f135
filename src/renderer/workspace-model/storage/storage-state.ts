import { useEffect } from 'react'
import { create } from 'zustand'
import type { StorageInfo, StorageUsage } from '../../../shared/contract/storage'
import { client } from '../../client'
import { useEngine } from '../../store/store'

interface StorageState {
  /** As it was last measured; null before the first time. */
  usage: StorageUsage | null
  isMeasuring: boolean
  /** What measuring threw the last time; null when it went well. */
  usageFailure: unknown
  /** null before it was asked for. */
  info: StorageInfo | null
  infoFailure: unknown
}

/** To measure is to walk all files, so it is done when somebody asks, and what came of it is kept while the page lives. */
const useStorageState = create<StorageState>(() => ({
  usage: null,
  isMeasuring: false,
  usageFailure: null,
  info: null,
  infoFailure: null,
}))

export function useStorageUsage(): Pick<StorageState, 'usage' | 'isMeasuring' | 'usageFailure'> {
  return useStorageState()
}

/** Bytes of all workspaces together; null before they were measured. */
export function useMeasuredTotal(): number | null {
  return useStorageState((state) => state.usage?.totalBytes ?? null)
}

export function useStorageInfo(): Pick<StorageState, 'info' | 'infoFailure'> {
  const isConnected = useEngine()?.status === 'connected'
  useEffect(() => {
    if (isConnected) void loadStorageInfo()
  }, [isConnected])
  return useStorageState()
}

/** Those who ask while it is being measured get what comes of it. What fails is kept for the screen. */
export async function measureStorage(): Promise<void> {
  if (useStorageState.getState().isMeasuring) return
  useStorageState.setState({ isMeasuring: true })
  try {
    useStorageState.setState({ usage: await client.storage.usage({}), usageFailure: null })
  } catch (error) {
    useStorageState.setState({ usageFailure: error })
  } finally {
    useStorageState.setState({ isMeasuring: false })
  }
}

/** After a change of what it counts against: only where the numbers are known to somebody. */
export function measureStorageAgain(): void {
  if (useStorageState.getState().usage !== null) void measureStorage()
}

export async function loadStorageInfo(): Promise<void> {
  try {
    setStorageInfo(await client.storage.info({}))
  } catch (error) {
    useStorageState.setState({ infoFailure: error })
  }
}

export function setStorageInfo(info: StorageInfo): void {
  useStorageState.setState({ info, infoFailure: null })
}
