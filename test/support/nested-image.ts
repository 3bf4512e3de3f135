/** What `makeNestedImage` makes: a small system with a shell, users and perl. */
export const NESTED_IMAGE = 'berth-nested-test:1'

/** Of the workspace's own system what a container needs, so that no test needs an image from elsewhere. */
const MAKE = `
set -e -o pipefail
cd /
# Without the user of workspaces, whose number is to be free for the user of the dev container.
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
mkdir "$own/etc"
for file in passwd group shadow gshadow; do grep -v '^workspace:' /etc/$file >"$own/etc/$file"; done
tar -c --one-file-system --exclude='usr/bin/docker*' --exclude='usr/bin/containerd*' --exclude=usr/bin/ctr --exclude=usr/sbin/runc \\
  --exclude=usr/sbin/dockerd --exclude=usr/lib/git-core --exclude=usr/lib/modules \\
  bin sbin lib lib64 usr/bin usr/sbin usr/lib usr/lib64 usr/share/perl usr/share/perl5 \\
  etc/profile etc/bash.bashrc etc/skel etc/login.defs etc/default etc/os-release \\
  etc/nsswitch.conf etc/pam.d etc/security etc/alternatives etc/shells etc/environment -C "$own" etc/passwd etc/group etc/shadow etc/gshadow | docker import - ${NESTED_IMAGE}
`

interface Exec {
  exec(options: {
    workspace: string
    command: string[]
    user: string
    outside: boolean
  }): Promise<{ exitCode: number | null; stderr: string }>
}

/** Makes an image on the engine inside a workspace, of what the workspace itself has. */
export async function makeNestedImage({ exec }: Exec, workspace: string): Promise<void> {
  const result = await exec({ workspace, command: ['bash', '-c', MAKE], user: 'root', outside: true })
  if (result.exitCode !== 0) throw new Error(`no image could be made: ${result.stderr}`)
}
