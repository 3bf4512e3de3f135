import { Activity, BookOpen, HardDrive, Layers, Server, Settings } from 'lucide-react'
import { routes } from '../routes'
import type { ScreenEntry } from '../screen'
import { laterCode } from '../ui/later'

/** The one table of screens, in the order of the sidebar: route, sidebar link, palette action and shortcut are made from it. */
export const SCREENS: readonly ScreenEntry[] = [
  {
    path: routes.activity,
    title: 'Activity',
    icon: Activity,
    code: laterCode(() => import('../features/operations/activity-screen').then((module) => module.ActivityScreen)),
  },
  {
    path: routes.storage,
    title: 'Storage',
    paletteTitle: 'Storage: what takes the disk, clean up',
    icon: HardDrive,
    code: laterCode(() => import('../features/storage/storage-screen').then((module) => module.StorageScreen)),
  },
  {
    path: routes.images,
    title: 'Images',
    paletteTitle: 'Images: what workspaces are made from, build',
    icon: Layers,
    code: laterCode(() => import('../features/images/images-screen').then((module) => module.ImagesScreen)),
  },
  {
    path: routes.library,
    title: 'Library',
    paletteTitle: 'Library: templates, skills and tools',
    icon: BookOpen,
    code: laterCode(() => import('../features/library/library-screen').then((module) => module.LibraryScreen)),
  },
  {
    path: routes.engines,
    title: 'Engines',
    paletteTitle: 'Engines: where workspaces are made',
    icon: Server,
    code: laterCode(() => import('../features/engines/engines-screen').then((module) => module.EnginesScreen)),
  },
  {
    path: routes.settings,
    title: 'Settings',
    icon: Settings,
    shortcut: 'Mod ,',
    code: laterCode(() => import('../features/settings/settings-screen').then((module) => module.SettingsScreen)),
  },
]
