import { log } from '../../log'
import { notWhole, runSession, type SessionOptions, type VolumePair, type VolumeSide } from './volume-session'

export interface CopyToEngineOptions {
  /** The source stands still, and from here on nothing may be missing. */
  final: boolean
  signal: AbortSignal
  onProgress: SessionOptions['onProgress']
}

/**
 * Copies volumes from one engine to another, through this process and without a file in between. Both volumes must exist.
 *
 * After a final pass that has resolved, the target has the same files with the same content, modes, owners (as numbers), times in
 * nanoseconds, hard links, holes, ACLs, attributes (`trusted.*` too) and devices as the source had while it stood still, and is on the disk. rsync
 * checks each file that it sends by a digest of the whole, and gives it its name only then. A file that it does not send has the same size and time,
 * and has not been changed since the last pass began, by its times of change at the source: so neither a time that was set back nor a write to a mapped
 * file goes unseen. Not kept are times of access and creation, flags of a file system (`chattr`), attributes of one machine’s security
 * (SELinux and the like), space that was reserved and never written, and Docker's `backingFsBlockDev`.
 *
 * One case is left: names that were links to one file during an earlier pass, and are now separate files of the same size, time and content.
 * They stay linked; `verify` sees it, and a copy to an empty volume puts it right.
 */
export interface VolumeStream {
  /**
   * One pass: makes the target as the source is. What is there already is not sent again, whatever became of the passes before: that makes a copy
   * resumable. Until a final pass is done the target has a folder `.berth-move` for that. In a pass that is not final, the source may
   * be written to: what could not be read then is left to the next. Returns the bytes that went to the target's engine, and whether
   * anything was left.
   * Throws DISK_FULL (of the target), ENGINE_REFUSED (with the file, where one is in the way), ENGINE_UNREACHABLE, TIMED_OUT, CANCELLED; each time
   * both helpers are ended first, those on an engine that was lost as soon as it sees that.
   */
  copy(pair: VolumePair, options: CopyToEngineOptions): Promise<{ sentBytes: number; isWhole: boolean }>
  /**
   * Whether both volumes are the same in all that a final pass makes the same; by reading all content on both sides. Neither may be
   * written to meanwhile.
   */
  verify(pair: VolumePair, signal: AbortSignal): Promise<boolean>
}

export function createVolumeStream(from: VolumeSide, to: VolumeSide): VolumeStream {
  return {
    async copy(pair, { final, signal, onProgress }) {
      const result = await runSession(from, to, { ...pair, mode: final ? 'final' : 'pass', signal, onProgress })
      const isWhole = result.exitCode === 0
      if (!isWhole && final) throw notWhole(result.complaint)
      if (!isWhole) log.info({ ...pair, complaint: result.complaint }, 'files of a running source were left for the next pass')
      return { sentBytes: result.sentBytes, isWhole }
    },
    async verify(pair, signal) {
      const result = await runSession(from, to, { ...pair, mode: 'verify', signal, onProgress: () => undefined })
      if (result.exitCode !== 0) throw notWhole(result.complaint)
      return result.sameLinks && result.complaint === ''
    },
  }
}
