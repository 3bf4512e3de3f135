import { z } from 'zod'
import type { Core } from '../../src/main/core'
import { inside } from '../../test/support/test-core'

/** What the data of a workspace is made of. */
export const shapeSchema = z.enum(['many', 'large', 'nested'])
export type Shape = z.infer<typeof shapeSchema>
export const SHAPES: Record<Shape, string> = { many: 'many small files', large: 'few large files', nested: 'a nested image' }

/** 100,000 files are 4 GB. */
const SMALL_FILE = 40_000
const LARGE_FILE = 64_000_000

/** Files of a tenth to twice SIZE, 50 a folder, that do not compress. */
const FILL = `my ($root, $bytes, $size) = @ARGV; srand 5;
open my $random, "<", "/dev/urandom" or die; read $random, my $block, 8 << 20;
for (my $n = 0; $bytes > 0; $n++) {
  my $folder = sprintf "%s/%d/%d", $root, $n / 2000, $n / 50 % 40;
  if ($n % 50 == 0) { my $path = ""; for (split m{/}, $folder) { $path .= "$_/"; mkdir $path } }
  open my $file, ">", "$folder/$n" or die "$folder/$n: $!";
  my $left = int($size * (0.1, 0.3, 0.6, 1, 1, 2, 2)[rand 7]) || 1; $left = $bytes if $left > $bytes; $bytes -= $left;
  while ($left > 0) { my $part = $left < 4 << 20 ? $left : 4 << 20; $left -= syswrite($file, $block, $part, int rand(4 << 20)) || die "$!" }
}`

/** Fills a running workspace: three quarters of it in the home folder and one in a nested volume, or all in a nested image. */
export async function fill(core: Core, workspace: string, shape: Shape, bytes: number): Promise<void> {
  const files = (root: string, share: number, size: number) =>
    run(core, workspace, ['perl', '-e', FILL, root, String(Math.round(bytes * share)), String(size)])
  switch (shape) {
    case 'many':
    case 'large': {
      const size = shape === 'many' ? SMALL_FILE : LARGE_FILE
      await files('/home/workspace/bench', 0.75, size)
      await files('/var/lib/docker/volumes/bench/_data', 0.25, size)
      return
    }
    case 'nested':
      await files('/home/workspace/bench/small', 0.5, SMALL_FILE)
      await files('/home/workspace/bench/large', 0.5, LARGE_FILE)
      await inside(
        core,
        workspace,
        'set -o pipefail; tar -C ~workspace/bench -c . | docker import - bench:1 && rm -rf ~workspace/bench',
        'root',
      )
      return
    default:
      return shape satisfies never
  }
}

export async function clear(core: Core, workspace: string): Promise<void> {
  await run(core, workspace, ['rm', '-rf', '/home/workspace/bench', '/var/lib/docker/volumes/bench'])
}

async function run(core: Core, workspace: string, command: string[]): Promise<void> {
  const { exitCode, stderr } = await core.workspaces.exec(workspace, { command, user: 'root' })
  if (exitCode !== 0) throw new Error(`${command[0]} in ${workspace} ended with ${exitCode}: ${stderr}`)
}
