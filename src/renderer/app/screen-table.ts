import { Activity, BookOpen, HardDrive, Layers, Server, Settings } from 'lucide-react'
import { EnginesScreen } from '../features/engines/engines-screen'
import { ImagesScreen } from '../features/images/images-screen'
import { LibraryScreen } from '../features/library/library-screen'
import { ActivityScreen } from '../features/operations/activity-screen'
import { SettingsScreen } from '../features/settings/settings-screen'
import { StorageScreen } from '../features/storage/storage-screen'
import { routes } from '../routes'
import type { ScreenEntry } from '../screen'

/** The one table of screens, in the order of the sidebar: route, sidebar link, palette action and shortcut are made from it. */
export const SCREENS: readonly ScreenEntry[] = [
  { path: routes.activity, title: 'Activity', icon: Activity, component: ActivityScreen },
  {
    path: routes.storage,
    title: 'Storage',
    paletteTitle: 'Storage: what takes the disk, clean up',
    icon: HardDrive,
    component: StorageScreen,
  },
  {
    path: routes.images,
    title: 'Images',
    paletteTitle: 'Images: what workspaces are made from, build',
    icon: Layers,
    component: ImagesScreen,
  },
  {
    path: routes.library,
    title: 'Library',
    paletteTitle: 'Library: templates, skills and tools',
    icon: BookOpen,
    component: LibraryScreen,
  },
  {
    path: routes.engines,
    title: 'Engines',
    paletteTitle: 'Engines: where workspaces are made',
    icon: Server,
    component: EnginesScreen,
  },
  { path: routes.settings, title: 'Settings', icon: Settings, shortcut: 'Mod ,', component: SettingsScreen },
]
