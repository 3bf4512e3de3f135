/** One of them is that of a container, too: no two workspaces have one name. */
export const HOST_NAMES = ['site', 'site-2', 'docs', 'api'] as const
export const HOST_FOLDERS = '/home/user/Berth'
