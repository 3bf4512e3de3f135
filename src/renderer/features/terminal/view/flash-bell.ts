const FLASH_MS = 150

const timers = new WeakMap<HTMLElement, ReturnType<typeof setTimeout>>()

/** At once, and past React: a program may ring as often as it likes. */
export function flashBell(host: HTMLElement): void {
  host.classList.add('terminal-bell')
  clearTimeout(timers.get(host))
  timers.set(
    host,
    setTimeout(() => host.classList.remove('terminal-bell'), FLASH_MS),
  )
}
