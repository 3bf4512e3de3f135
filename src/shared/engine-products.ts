/** What people call the engines that Berth can use. */
export const ENGINE_PRODUCTS = { docker: 'Docker', podman: 'Podman' } as const
