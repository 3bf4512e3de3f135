import type { Settings } from '../../../shared/contract/settings'
import { useEngines } from '../../store/store'
import { isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { useStorageInfo } from '../../workspace-model/storage/storage-state'
import { SettingEditor } from './setting-editor'

/** Without a pool on the local engine, which it is about, there is nothing to choose. */
export function NewStorageRow({ settings }: { settings: Settings }) {
  const { info } = useStorageInfo(useEngines().find(isLocalEngine)?.id)
  return info?.pool ? <SettingEditor name="newWorkspaceStorage" settings={settings} /> : null
}
