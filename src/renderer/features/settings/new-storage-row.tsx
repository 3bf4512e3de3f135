import type { Settings } from '../../../shared/contract/settings'
import { useStorageInfo } from '../../workspace-model/storage/storage-state'
import { SettingEditor } from './setting-editor'

/** Without a pool there is nothing to choose. */
export function NewStorageRow({ settings }: { settings: Settings }) {
  const { info } = useStorageInfo()
  return info?.pool ? <SettingEditor name="newWorkspaceStorage" settings={settings} /> : null
}
