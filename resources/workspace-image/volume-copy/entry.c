#define _GNU_SOURCE
#include "volume-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_BYTES = 128 * 1024, LARGE_STEP = 16 << 20 };
/* Kernels keep times by the tick of their clock, at most 10 ms: a second change within one tick does not show. */
static const int64_t TICK = 20 * 1000000LL;
/* A page that is mapped and written to shows a new time only once it was written back: every 35 s or so, by default. */
static const int64_t WRITTEN_BACK = 600 * 1000000000LL;

bool has_vanished(int cause) {
  return cause == ENOENT || cause == ESTALE || cause == ENOTDIR || cause == ELOOP || cause == ENXIO || cause == ENODEV;
}

static int gone_or_failed(const char *what, const char *name) { return has_vanished(errno) ? 1 : fail(what, name); }

static int64_t age_of(int64_t changed) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return nanoseconds(now) - changed;
}

/* Whether the open file may change, or have changed just now, without a change time that tells. */
static bool is_uncertain(int file, int64_t changed) {
  if (age_of(changed) < TICK) return true;
  if (age_of(changed) > WRITTEN_BACK) return false;
  /* A read lease is refused exactly when somebody has the file open, or mapped, for writing. */
  if (fcntl(file, F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
  fcntl(file, F_SETLEASE, F_UNLCK);
  return false;
}

static int write_all(int target, const char *bytes, size_t size, off_t at) {
  while (size > 0) {
    ssize_t written = pwrite(target, bytes, size, at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -1;
    bytes += written;
    size -= (size_t)written;
    at += written;
  }
  return 0;
}

/* Copies from..to; ends early where the source has become shorter. */
static int copy_range(int source, int target, off_t from, off_t to, const char *name) {
  static _Thread_local char buffer[BUFFER_BYTES];
  bool in_kernel = to - from > BUFFER_BYTES;
  while (from < to && !has_failed()) {
    ssize_t copied;
    if (in_kernel) {
      off_t in = from, out = from;
      size_t step = to - from > LARGE_STEP ? LARGE_STEP : (size_t)(to - from);
      copied = copy_file_range(source, &in, target, &out, step, 0);
      /* Not between these file systems, or a kernel that does it by returning nothing. */
      if (copied == 0 || (copied < 0 && errno != ENOSPC && errno != EDQUOT && errno != EIO)) {
        in_kernel = false;
        continue;
      }
      if (copied < 0) return fail("write", name);
    } else {
      size_t step = to - from > BUFFER_BYTES ? BUFFER_BYTES : (size_t)(to - from);
      copied = pread(source, buffer, step, from);
      if (copied < 0 && errno == EINTR) continue;
      if (copied < 0) return fail("read", name);
      if (copied == 0) return 0;
      if (write_all(target, buffer, (size_t)copied, from) != 0) return fail("write", name);
    }
    from += copied;
    atomic_fetch_add_explicit(&done_bytes, copied, memory_order_relaxed);
  }
  return has_failed() ? -1 : 0;
}

/* Data only, so that holes stay holes. */
static int copy_sparse(int source, int target, off_t size, const char *name) {
  for (off_t data = 0, hole; data < size; data = hole) {
    data = lseek(source, data, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;
    if (data < 0) return fail("read", name);
    hole = lseek(source, data, SEEK_HOLE);
    if (hole < 0) hole = size;
    if (hole > size) hole = size;
    if (data < hole && copy_range(source, target, data, hole, name) != 0) return -1;
  }
  return ftruncate(target, size) == 0 ? 0 : fail("write", name);
}

static int copy_content(volume *volume, int source, int target, const struct stat *status, const char *name) {
  if (status->st_size == 0) return 0;
  if (!volume->no_clone) {
    if (ioctl(target, FICLONE, source) == 0) {
      atomic_fetch_add_explicit(&done_bytes, bytes_to_copy(status->st_size, status->st_blocks), memory_order_relaxed);
      return 0;
    }
    if (errno == ENOSPC || errno == EDQUOT) return fail("write", name);
    /* ETXTBSY and the like are about this file; the others about the file system. */
    if (errno == EOPNOTSUPP || errno == EXDEV || errno == ENOTTY || errno == EINVAL) volume->no_clone = true;
  }
  if (status->st_blocks * 512 < status->st_size) return copy_sparse(source, target, status->st_size, name);
  return copy_range(source, target, 0, status->st_size, name);
}

/* Owner before mode (a change of owner takes set-user-id away), both before ACLs and capabilities, times last. */
static int finish_file(volume *volume, int source, int target, const struct stat *status, node *entry, int folders[2]) {
  const char *name = entry->name;
  bool is_new_of_root = volume->first && status->st_uid == 0 && status->st_gid == 0;
  if (!is_new_of_root && fchown(target, status->st_uid, status->st_gid) != 0) return fail("set the owner of", name);
  if ((!volume->first || (status->st_mode & 07000)) && fchmod(target, status->st_mode & 07777) != 0) return fail("set the mode of", name);
  /* Most files have no attributes, and one call tells. */
  if ((!volume->first || flistxattr(source, NULL, 0) > 0) && copy_attributes(folders[0], folders[1], name, !volume->first) != 0) return -1;
  struct timespec times[2] = {status->st_atim, status->st_mtim};
  return futimens(target, times) == 0 ? 0 : fail("set the times of", name);
}

/* Another file has this name now than when the folder was read: which other names it has was not looked at. */
static void note_what_is_copied(node *entry, const struct stat *status, bool uncertain) {
  bool other = entry->device != status->st_dev || entry->inode != status->st_ino;
  entry->device = status->st_dev;
  entry->inode = status->st_ino;
  entry->changed = nanoseconds(status->st_ctim);
  entry->uncertain = uncertain || other;
}

static int copy_file(volume *volume, node *entry, int folders[2]) {
  const char *name = entry->name;
  int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int source = openat(folders[0], name, flags | O_NOATIME);
  if (source < 0) return gone_or_failed("open", name);
  struct stat status;
  if (fstat(source, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(source);
    return 1;
  }
  note_what_is_copied(entry, &status, volume->live && is_uncertain(source, nanoseconds(status.st_ctim)));
  int target = openat(folders[1], name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, status.st_mode & 0777);
  int result = target < 0 ? fail("create", name) : 0;
  if (result == 0) result = copy_content(volume, source, target, &status, name);
  if (result == 0) result = finish_file(volume, source, target, &status, entry, folders);
  close(source);
  /* Some file systems say only here that there is no room. */
  if (target >= 0 && close(target) != 0 && result == 0) result = fail("write", name);
  return result;
}

static int copy_symlink(const node *entry, int folders[2]) {
  char to[PATH_MAX];
  ssize_t length = readlinkat(folders[0], entry->name, to, sizeof to - 1);
  if (length < 0) return errno == EINVAL ? 1 : gone_or_failed("read the link", entry->name);
  to[length] = 0;
  return symlinkat(to, folders[1], entry->name) == 0 ? 0 : fail("create", entry->name);
}

/* Links, devices, sockets and fifos. */
static int copy_special(volume *volume, node *entry, int folders[2]) {
  const char *name = entry->name;
  struct stat status;
  if (fstatat(folders[0], name, &status, AT_SYMLINK_NOFOLLOW) != 0) return gone_or_failed("look at", name);
  if ((status.st_mode & S_IFMT) != (entry->mode & S_IFMT)) return 1;
  note_what_is_copied(entry, &status, volume->live && age_of(nanoseconds(status.st_ctim)) < TICK);
  if (S_ISLNK(status.st_mode)) {
    int result = copy_symlink(entry, folders);
    if (result != 0) return result;
  } else if (mknodat(folders[1], name, status.st_mode, status.st_rdev) != 0) {
    return fail("create", name);
  }
  if (fchownat(folders[1], name, status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0) return fail("set the owner of", name);
  if (!S_ISLNK(status.st_mode) && fchmodat(folders[1], name, status.st_mode & 07777, 0) != 0) return fail("set the mode of", name);
  if (copy_attributes(folders[0], folders[1], name, !volume->first) != 0) return -1;
  struct timespec times[2] = {status.st_atim, status.st_mtim};
  return utimensat(folders[1], name, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : fail("set the times of", name);
}

int copy_entry(volume *volume, node *entry, int source_folder, int target_folder) {
  int folders[2] = {source_folder, target_folder};
  return S_ISREG(entry->mode) ? copy_file(volume, entry, folders) : copy_special(volume, entry, folders);
}

int copy_folder_attributes(volume *volume, node *folder, int source, int target) {
  const char *name = folder->name;
  struct stat status;
  if (fstat(source, &status) != 0) return gone_or_failed("look at", name);
  folder->changed = nanoseconds(status.st_ctim);
  folder->uncertain = volume->live && age_of(folder->changed) < TICK;
  if (fchown(target, status.st_uid, status.st_gid) != 0) return fail("set the owner of", name);
  if (fchmod(target, status.st_mode & 07777) != 0) return fail("set the mode of", name);
  if ((!volume->first || flistxattr(source, NULL, 0) > 0) && copy_attributes(source, target, ".", !volume->first) != 0) return -1;
  struct timespec times[2] = {status.st_atim, status.st_mtim};
  return futimens(target, times) == 0 ? 0 : fail("set the times of", name);
}
