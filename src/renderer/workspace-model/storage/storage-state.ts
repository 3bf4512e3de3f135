import { useEffect, useState } from 'react'
import { create } from 'zustand'
import type { StorageInfo, StorageUsage } from '../../../shared/contract/storage'
import { client } from '../../client'
import { findEngine, useEngineByReference, useEngines, useStore } from '../../store/store'

/** Of one engine. */
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

const UNKNOWN: StorageState = { usage: null, isMeasuring: false, usageFailure: null, info: null, infoFailure: null }

/**
 * By the id of the engine. To measure is to walk all files, so it is done when somebody asks, and what came of it is kept while
 * the page lives.
 */
const useStorageStates = create<Readonly<Record<string, StorageState>>>(() => ({}))

const stateOf = (engineId: string): StorageState => useStorageStates.getState()[engineId] ?? UNKNOWN

function patch(engineId: string, change: Partial<StorageState>): void {
  useStorageStates.setState({ [engineId]: { ...stateOf(engineId), ...change } })
}

function useStorageState(engineId: string | undefined): StorageState {
  return useStorageStates((states) => states[engineId ?? ''] ?? UNKNOWN)
}

export function useStorageUsage(engineId: string | undefined): Pick<StorageState, 'usage' | 'isMeasuring' | 'usageFailure'> {
  return useStorageState(engineId)
}

/** Bytes of all workspaces together, and when the oldest part of that was measured. */
export interface MeasuredTotal {
  bytes: number
  at: string
}

const REMEMBERED_KEY = 'berth.measured-storage'

/** What this browser has heard last, so that the figure is there before anybody measures again. */
function rememberedTotal(): MeasuredTotal | null {
  const [bytes, at] = (localStorage.getItem(REMEMBERED_KEY) ?? '').split(' ')
  return at === undefined || Number.isNaN(Number(bytes)) || Number.isNaN(Date.parse(at)) ? null : { bytes: Number(bytes), at }
}

/** On the engines where they were measured, else as this browser remembers it; null before the first time. */
export function useMeasuredTotal(): MeasuredTotal | null {
  const engines = useEngines()
  const [remembered] = useState(rememberedTotal)
  const states = useStorageStates()
  const measured = engines.flatMap(({ id }) => states[id]?.usage ?? [])
  const at = measured.map(({ measuredAt }) => measuredAt).sort()[0]
  const bytes = measured.reduce((sum, { totalBytes }) => sum + totalBytes, 0)
  useEffect(() => {
    if (at !== undefined) localStorage.setItem(REMEMBERED_KEY, `${bytes} ${at}`)
  }, [bytes, at])
  return at === undefined ? remembered : { bytes, at }
}

export function useStorageInfo(engineId: string | undefined): Pick<StorageState, 'info' | 'infoFailure'> {
  const isConnected = useEngineByReference(engineId)?.state.status === 'connected'
  useEffect(() => {
    if (isConnected && engineId !== undefined) void loadStorageInfo(engineId)
  }, [isConnected, engineId])
  return useStorageState(engineId)
}

/** Those who ask while it is being measured get what comes of it. What fails is kept for the screen. */
export async function measureStorage(engineId: string): Promise<void> {
  if (stateOf(engineId).isMeasuring) return
  patch(engineId, { isMeasuring: true })
  try {
    patch(engineId, { usage: await client.storage.usage({ engine: engineId }), usageFailure: null })
  } catch (error) {
    patch(engineId, { usageFailure: error })
  } finally {
    patch(engineId, { isMeasuring: false })
  }
}

/** After a change of what it counts against, on the engine of that name or id: only where the numbers are known to somebody. */
export function measureStorageAgain(engine: string | null): void {
  const id = findEngine(useStore.getState(), engine)?.id
  if (id !== undefined && stateOf(id).usage !== null) void measureStorage(id)
}

export async function loadStorageInfo(engineId: string): Promise<void> {
  try {
    setStorageInfo(engineId, await client.storage.info({ engine: engineId }))
  } catch (error) {
    patch(engineId, { infoFailure: error })
  }
}

export function setStorageInfo(engineId: string, info: StorageInfo): void {
  patch(engineId, { info, infoFailure: null })
}
