/** How an engine comes to run on a system: what to type, in order. */
export interface EngineAdvice {
  title: string
  text: string
  commands: string[]
}

/** `platform` is what Node calls the machine that Berth runs on. The usual way first. */
export function engineAdvice(platform: string): EngineAdvice[] {
  switch (platform) {
    case 'darwin':
      return [
        {
          title: 'Docker Desktop or OrbStack is installed',
          text: 'Start it and wait until it is running.',
          commands: ['open -a Docker'],
        },
        { title: 'Nothing is installed', text: 'Colima is small and free.', commands: ['brew install colima docker', 'colima start'] },
      ]
    case 'win32':
      return [
        { title: 'Docker Desktop is installed', text: 'Start it from the Start menu and wait until it is running.', commands: [] },
        { title: 'Nothing is installed', text: 'Install it, then start it once.', commands: ['winget install Docker.DockerDesktop'] },
      ]
    default:
      return [
        { title: 'Docker is installed', text: 'Start it now and at every boot.', commands: ['sudo systemctl enable --now docker'] },
        {
          title: 'It is running, but access is denied',
          text: 'Add yourself to its group, then log in again.',
          commands: ['sudo usermod -aG docker $USER'],
        },
        { title: 'Nothing is installed', text: 'On Debian and Ubuntu:', commands: ['sudo apt-get install docker.io'] },
      ]
  }
}
