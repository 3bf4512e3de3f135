import { z } from 'zod'
import { procedure } from './base'

export const sshConfigStatusSchema = z.object({
  /** Berth's own file, with one `Host NAME.berth` for each workspace. */
  file: z.string(),
  /** The user's, which includes it or not. */
  userFile: z.string(),
  /** What is put at the top of the user's file, and nothing else. */
  line: z.string(),
  /** `ssh NAME.berth` works. */
  installed: z.boolean(),
  /** Why it cannot be installed, in words for a person; null when it can. */
  obstacle: z.string().nullable(),
})
export type SshConfigStatus = z.infer<typeof sshConfigStatusSchema>

const route = (method: 'GET' | 'POST', path: `/${string}`, summary: string) => ({ method, path, summary, tags: ['SSH'] })

export const sshConfig = {
  status: procedure.route(route('GET', '/ssh-config', 'Whether “ssh NAME.berth” works')).output(sshConfigStatusSchema),
  print: procedure
    .route(route('GET', '/ssh-config/text', 'Path of the ssh configuration file that has a host for each workspace'))
    .output(z.object({ text: z.string() })),
  install: procedure
    .route(route('POST', '/ssh-config/install', 'Add an Include line at the top of the user’s ssh config, unless it is already there'))
    .output(sshConfigStatusSchema),
  uninstall: procedure
    .route(route('POST', '/ssh-config/uninstall', 'Remove the Include line from the user’s ssh config'))
    .output(sshConfigStatusSchema),
}
