import type { ComponentProps, ReactNode } from 'react'
import { formatBytes, sizeText } from '../../../shared/byte-size'
import type { LimitsPatch } from '../../../shared/limits'
import type { Workspace } from '../../../shared/workspace'
import { useEngineNamed } from '../../store/store'
import { TextInput } from '../../ui/field'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { type Kept, useTypedField } from '../../workspace-model/settings/use-typed-field'
import { checkDiskLimit } from '../../workspace-model/storage/check-size'
import { AT_DISK_LIMIT } from '../../workspace-model/storage/storage-places'
import { measureStorageAgain } from '../../workspace-model/storage/storage-state'
import { checkCpus, checkMemory, checkProcesses } from './check-limits'
import { keepWorkspace } from './keep-workspace'

/** What it may take: one field a limit, empty for none. */
export function LimitRows({ workspace }: { workspace: Workspace }) {
  const { limits, storage } = workspace
  const engine = useEngineNamed(workspace.engine)
  const known = engine?.status === 'connected' ? engine : null
  const isBeyond = known !== null && limits.memoryBytes !== null && limits.memoryBytes >= known.memoryBytes
  return (
    <>
      <LimitRow
        workspace={workspace}
        title="Processors"
        description={`Such as 1.5${known === null ? '.' : `, up to the ${known.cpus} of the engine.`}`}
        current={limits.cpus === null ? '' : String(limits.cpus)}
        check={(typed) => checkCpus(typed, known?.cpus ?? null)}
        toPatch={(cpus) => ({ cpus })}
        inputMode="decimal"
      />
      <LimitRow
        workspace={workspace}
        title="Memory"
        description="Such as 4 GiB. The engine ends programs that exceed it. It cannot be set below current use."
        warning={isBeyond ? `The engine has only ${formatBytes(known.memoryBytes)}, so this has no effect.` : null}
        current={limits.memoryBytes === null ? '' : sizeText(limits.memoryBytes)}
        check={checkMemory}
        toPatch={(memoryBytes) => ({ memoryBytes })}
      />
      <LimitRow
        workspace={workspace}
        title="Processes"
        description="Processes and threads at a time. Such as 4096."
        current={limits.processes === null ? '' : String(limits.processes)}
        check={checkProcesses}
        toPatch={(processes) => ({ processes })}
        inputMode="numeric"
      />
      <LimitRow
        workspace={workspace}
        title="Disk"
        description={AT_DISK_LIMIT[storage ?? 'plain']}
        current={limits.diskBytes === null ? '' : sizeText(limits.diskBytes)}
        check={checkDiskLimit}
        toPatch={(diskBytes) => ({ diskBytes })}
        onKept={() => measureStorageAgain(workspace.engine)}
      />
    </>
  )
}

interface LimitRowProps {
  workspace: Workspace
  title: string
  description: ReactNode
  warning?: string | null
  current: string
  check(typed: string): { ok: true; value: number | null } | { ok: false; problem: string }
  toPatch(value: number | null): LimitsPatch
  onKept?: () => void
  inputMode?: ComponentProps<'input'>['inputMode']
}

function LimitRow({ workspace, title, description, warning = null, current, check, toPatch, onKept, inputMode }: LimitRowProps) {
  const keep = async (limits: LimitsPatch): Promise<Kept> => {
    const kept = await keepWorkspace({ workspace: workspace.id, limits })
    if (kept.ok) onKept?.()
    return kept
  }
  const { problem, savedCount, control } = useTypedField<LimitsPatch>(
    current,
    (typed) => {
      const checked = check(typed)
      return checked.ok ? { problem: null, change: toPatch(checked.value) } : { problem: checked.problem, change: null }
    },
    keep,
  )
  return (
    <SettingRow title={title} description={description} problem={problem} warning={warning} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <TextInput
          {...control}
          mono
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          inputMode={inputMode}
          placeholder="none"
          className="max-w-30"
        />
      )}
    </SettingRow>
  )
}
