/**
 * What runs in the two helpers. Each has its volume at /volume, its mode as `$1`, and talks with Berth by its input and output, which are
 * descriptors 3 and 4; all else that is said goes to stderr. No data is ever part of a script.
 *
 * 1. Each says `BYTES SECONDS LINKS`: how much is in its volume, and (source) its clock, (target) `since`: the source's clock at the
 *    beginning of the last pass that came to its end, or of the first one, or `-`; for `verify` a digest of the names of files that have several.
 * 2. Berth tells each the other's `SECONDS`. From then on it passes on what either says, as it is.
 * 3. The source sends the names of files that have changed since (a length, and so many bytes), then the arguments of the server, a line
 *    each, up to an empty one. These come from the source's rsync itself, so that programs of different versions are each given what they know.
 * 4. The two rsyncs talk. The source ends with the exit code of its own.
 * 5. Berth tells the target `done`, or ends its input.
 */
export type VolumeMode = 'pass' | 'final' | 'verify'

/** On the target until the final pass is done: the file that was cut off, so that it can be gone on with, and `since`. */
const OWN = '.berth-move'

/**
 * A program can write to a mapped file while the kernel keeps the page in memory (30 seconds, and the time until it checks), without
 * changing the file's time.
 */
const MAPPED_SECONDS = 60

/** Attributes of one machine's security, as exports leave them out, and those that are ACLs, which go as such. */
const ATTRIBUTES_LEFT_OUT = [...['security.selinux', 'security.ima', 'security.evm', 'security.apparmor', 'security.SMACK64*'], 'system.*']

const OPTIONS = [
  ...['--archive', '--hard-links', '--acls', '--xattrs', '--xattrs', '--sparse', '--numeric-ids', '--delete'],
  // Content of holes is sent, and takes next to nothing so.
  '--compress',
  // Without it the relay's output would fail, instead of waiting, when rsync is slow to read.
  '--blocking-io',
  // Times are compared to the nanosecond.
  '--modify-window=-1',
  `--exclude=/${OWN}`,
  // Docker's own name for the disk it is on, as in an export.
  '--exclude=/*/backingFsBlockDev',
  ...ATTRIBUTES_LEFT_OUT.map((name) => `--filter=-x ${name}`),
]
const COPY_OPTIONS = [...OPTIONS, `--partial-dir=/volume/${OWN}/partial`, '--info=progress2', '--no-human-readable', '--outbuf=L']
/** Each difference becomes a line that has no name in it. */
const VERIFY_OPTIONS = [...OPTIONS, '--dry-run', '--checksum', '--out-format=%i']

/**
 * What rsync takes for its remote shell: `$1` is a host, the rest the command there. It has the descriptors of the script that started rsync.
 * It ends at once, since rsync waits for its end before its own; what it has sent is through when `RELAYING` can be locked. No single quote may be in it.
 */
const RELAYING = '/dev/shm/relaying'
const RELAY = `shift; printf "%s\\n" "$@" "" >&4; exec 5<&0; flock ${RELAYING} cat <&5 >&4 5<&- & cat <&3 4>&- 5<&- &`

/**
 * For one silent file of hundreds of gigabytes: a zero byte on stderr each minute in which rsync has read, so that a helper that works is not
 * taken for one that is stuck.
 */
const COMMON = `
exec 3<&0 4>&1 </dev/null >&2
# The quickest that both know.
export LC_ALL=C RSYNC_COMPRESS_LIST='lz4 zstd zlibx'
mode=$1
shift
cd /volume || exit 1
size() { du --summarize --apparent-size --block-size=1 --exclude=${OWN} . 2>/dev/null | cut -f1; }
links() {
  [ "$mode" = verify ] || { echo -; return; }
  find . -path ./${OWN} -prune -o -type f -links +1 -printf '%n %p\\0' | sort -z | sha256sum | cut -d ' ' -f 1
}
beat() {
  last=
  while sleep 60; do
    now=$(cat "/proc/$1/io") || return
    [ "$now" = "$last" ] || printf '\\0' >&2
    last=$now
  done 2>/dev/null
}
`

const SOURCE = `${COMMON}
echo "$(size) $(date +%s) $(links)" >&4
read -r since <&3 || exit 1
changed() {
  [ "$since" = - ] || [ "$mode" = verify ] || find . -path ./${OWN} -prune -o -type f \\( -newerct "@$since" -o -newermt "@$since" \\) -print0
}
[ "$since" = - ] || since=$((since - ${MAPPED_SECONDS}))
bytes=$(changed | wc -c)
echo "$bytes" >&4
# A source that runs may have other names by now.
{ changed; cat /dev/zero; } 2>/dev/null | head -c "$bytes" >&4
rsync "$@" /volume/ target:/volume/ &
client=$!
beat "$client" &
wait "$client"
code=$?
flock ${RELAYING} true
exit "$code"
`

/** The time that is given to a file which may have changed unseen: none that any file has, so that rsync looks at its content. */
const MARK = '@1.987654321'

const TARGET = `${COMMON}
own=/volume/${OWN}
since=-
if [ "$mode" != verify ]; then
  mkdir -p "$own/partial" || exit 1
  [ ! -s "$own/since" ] || read -r since <"$own/since"
fi
echo "$(size) $since $(links)" >&4
read -r begun <&3 || exit 1
[ "$mode" = verify ] || [ -s "$own/since" ] || echo "$begun" >"$own/since" || exit 1
read -r bytes <&3 || exit 1
head -c "$bytes" <&3 | xargs -0 -r touch --no-create --no-dereference --date=${MARK} -- 2>/dev/null
while IFS= read -r argument <&3 && [ -n "$argument" ]; do set -- "$@" "$argument"; done
[ "$1" = rsync ] && shift || exit 1
# Opened anew: rsync has its input not wait, and so it would be for all that have it.
rsync "$@" </proc/self/fd/3 >&4 &
server=$!
beat "$server" &
wait "$server"
code=$?
# 24: files vanished while the source was read. What Berth makes of it is said next.
[ "$code" = 0 ] || [ "$code" = 24 ] || exit "$code"
read -r word <&3 && [ "$word" = done ] || exit 1
case $mode in
  pass) echo "$begun" >"$own/since" ;;
  final)
    at=$(stat --format=%y .) && rm -rf "$own" && touch --date="$at" . && sync --file-system . ;;
esac
`

/** Program and arguments of the helper that the volume is read in. */
export function sourceCommand(mode: VolumeMode): string[] {
  const options = mode === 'verify' ? VERIFY_OPTIONS : COPY_OPTIONS
  return ['sh', '-c', SOURCE, 'sh', mode, ...options, `--rsh=sh -c '${RELAY}' sh`]
}

/** Program and arguments of the helper that the volume is written in, or compared in. */
export function targetCommand(mode: VolumeMode): string[] {
  return ['sh', '-c', TARGET, 'sh', mode]
}
