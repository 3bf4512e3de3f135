#define _GNU_SOURCE
#include "volume-copy.h"

#include <errno.h>
#include <linux/limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

/* The label that says which container may use a file belongs to the place, not to the file. */
static bool is_carried(const char *attribute) { return strcmp(attribute, "security.selinux") != 0; }

int copy_attributes(int source_folder, int target_folder, const char *name, bool clear) {
  static _Thread_local char names[XATTR_LIST_MAX];
  static _Thread_local char value[XATTR_SIZE_MAX];
  /* There are no calls that take a folder and a name; this way serves links, sockets and devices, which cannot be opened. */
  char source[NAME_MAX + 64], target[NAME_MAX + 64];
  snprintf(source, sizeof source, "/proc/self/fd/%d/%s", source_folder, name);
  snprintf(target, sizeof target, "/proc/self/fd/%d/%s", target_folder, name);
  ssize_t length;
  if (clear && (length = llistxattr(target, names, sizeof names)) > 0) {
    for (char *at = names; at < names + length; at += strlen(at) + 1)
      if (is_carried(at) && lremovexattr(target, at) != 0 && errno != ENODATA) return fail("clear an attribute of", name);
  }
  length = llistxattr(source, names, sizeof names);
  if (length < 0) return errno == ENOTSUP || has_vanished(errno) ? 0 : fail("list the attributes of", name);
  for (char *at = names; at < names + length; at += strlen(at) + 1) {
    if (!is_carried(at)) continue;
    ssize_t size = lgetxattr(source, at, value, sizeof value);
    if (size < 0 && (errno == ENODATA || has_vanished(errno))) continue;
    if (size < 0) return fail("read an attribute of", name);
    if (lsetxattr(target, at, value, (size_t)size, 0) != 0) return fail("set an attribute of", name);
  }
  return 0;
}
