import type Docker from 'dockerode'
import { LOCAL_IMAGE } from '../../src/main/images/images'
import { docker } from './test-core'

/** What a helper of the tests may do: everything that has to do with files. */
const CAPABILITIES = ['SYS_ADMIN', 'MKNOD', 'SETFCAP', 'DAC_READ_SEARCH', 'SYS_NICE']

/** Runs a shell line with volumes mounted at /a, /b, …; returns what it wrote. Throws when it fails. */
export async function inVolumes(volumes: string[], line: string): Promise<string> {
  const container = await startInVolumes(volumes, ['bash', '-c', line])
  try {
    const { StatusCode: code } = (await container.wait()) as { StatusCode: number }
    const logs = await container.logs({ stdout: true, stderr: true })
    const text = plainText(logs)
    if (code !== 0) throw new Error(`“${line}” ended with ${code}: ${text}`)
    return text.trimEnd()
  } finally {
    await container.remove({ force: true })
  }
}

/** A container which runs that, with volumes mounted at /a, /b, … */
export async function startInVolumes(volumes: string[], command: string[]): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: helperImage,
    Entrypoint: command,
    Cmd: [],
    User: 'root',
    HostConfig: {
      NetworkMode: 'none',
      Init: true,
      CapAdd: CAPABILITIES,
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      Mounts: volumes.map((name, index) => ({
        Type: 'volume',
        Source: name,
        Target: `/${String.fromCharCode('a'.charCodeAt(0) + index)}`,
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} } },
      })),
    },
  })
  await container.start()
  return container
}

/** Berth's image, or another with the same tools: while the image itself is being worked on. */
export const helperImage = process.env.BERTH_TEST_HELPER_IMAGE ?? LOCAL_IMAGE

/**
 * Of two lists of blocks and names, those that are not alike. The file system takes a block for itself where a file is in more than four
 * pieces, as it happens to find room.
 */
const OTHER_BLOCKS = `
{ count = $1; sub(/^[0-9]+ /, "") }
NR == FNR { blocks[$0] = count; next }
{ difference = count - blocks[$0]; if (difference > 8 || difference < -8) print $0, blocks[$0], count }`

/**
 * Everything that tells two trees apart, by programs that have no part in the copy: names, types, modes, owners, times in ns,
 * link counts, device numbers, link targets, blocks; then content, hard links, extended attributes and ACLs (rsync with checksums).
 */
export async function differences(one: string, other: string): Promise<string> {
  const list = (root: string) =>
    `(cd ${root} && find . -type d -printf '%p %y %m %U %G %T@\\n' -o -printf '%p %y %m %U %G %T@ %n %s %l\\n' | sort; ` +
    `find . \\( -type b -o -type c \\) -exec stat -c '%n %t,%T' {} + | sort)`
  // A file of up to four KiB may be kept in its inode: that is the file system's affair.
  const blocks = (root: string) => `(cd ${root} && find . -type f -size +64k -printf '%b %p\\n')`
  return await inVolumes(
    [one, other],
    `diff <(${list('/a')}) <(${list('/b')}) | head -40; ` +
      `awk '${OTHER_BLOCKS}' <(${blocks('/a')}) <(${blocks('/b')}) | head -40; ` +
      'rsync -aHAXn --checksum --delete --modify-window=-1 --itemize-changes /a/ /b/ | head -40',
  )
}

/** Multiplexed as the engine's logs are: an 8-byte header before each chunk. */
function plainText(logs: Buffer): string {
  let text = ''
  for (let at = 0; at + 8 <= logs.length; ) {
    const length = logs.readUInt32BE(at + 4)
    text += logs.toString('utf8', at + 8, at + 8 + length)
    at += 8 + length
  }
  return text
}
