/*
 * volume-copy: makes folders like others, quickly, also while the others are being written to.
 *
 *   volume-copy copy [--live] [--sync] SOURCE TARGET [SOURCE TARGET]...
 *     Each target is an empty folder. Owners, modes, times, links, holes, extended attributes, ACLs, devices, sockets and fifos
 *     are kept. With --live, passes over the source are made until little changes between two of them; then it writes “ready”
 *     and waits for a line on stdin, which says that the source stands still now: what has changed since is brought over. With --sync, the copy is on the disk at the end.
 *   volume-copy measure FOLDER...
 *     Writes “measured BYTES ALONE” for each: bytes on disk, and the same again, or “-” where a file system can share blocks.
 *
 * When stdin ends, so does the program. On stdout: lines “progress DONE TOTAL”, at the end “done”, or “failed no-space WHAT” or “failed error WHAT”.
 */
#define _GNU_SOURCE
#include "volume-copy.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { MOST_LIVE_PASSES = 4, PROGRESS_MICROSECONDS = 100000, FLUSH_MICROSECONDS = 50000, XFS_MAGIC = 0x58465342 };
/* A pass that took no longer than this left so little to do that the next one can be the last. */
static const int64_t QUICK = 300 * 1000000LL;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return nanoseconds(time);
}

static int open_root(const char *path) {
  int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) fail("open", path);
  end_if_failed();
  return root;
}

static void *report_progress(void *unused) {
  for (;;) {
    usleep(PROGRESS_MICROSECONDS);
    printf("progress %lld %lld\n", (long long)done_bytes, (long long)total_bytes);
    fflush(stdout);
  }
  return unused;
}

/* Whoever started this has gone when stdin ends, and nobody wants the rest. */
static void *wait_for_word(void *said) {
  char line[16];
  if (!fgets(line, sizeof line, stdin)) _Exit(1);
  sem_post(said);
  while (fgets(line, sizeof line, stdin)) continue;
  _Exit(1);
}

static void say(const char *line) {
  printf("progress %lld %lld\n%s\n", (long long)done_bytes, (long long)total_bytes, line);
  fflush(stdout);
}

/* All volumes are read before the first is written, so that the total is known early. */
static void copy_all(volume *volumes, tree **trees, int count) {
  tree *before[count];
  for (int i = 0; i < count; i++) {
    before[i] = trees[i];
    trees[i] = plan_pass(&volumes[i], before[i]);
    end_if_failed();
  }
  for (int i = 0; i < count; i++) {
    run_pass(&volumes[i], before[i], trees[i]);
    end_if_failed();
    free_tree(before[i]);
  }
}

static void sync_all(volume *volumes, int count) {
  for (int i = 0; i < count; i++)
    if (syncfs(volumes[i].target) != 0) fail("write to the disk", "the copy");
}

struct flusher {
  volume *volumes;
  int count;
  pthread_t thread;
  atomic_bool is_enough;
};

static void *keep_flushing(void *argument) {
  struct flusher *flusher = argument;
  while (!flusher->is_enough) {
    sync_all(flusher->volumes, flusher->count);
    usleep(FLUSH_MICROSECONDS);
  }
  return NULL;
}

/* The disk has something to do from the first file on. Left to itself the kernel begins much later, and the first who waits for the
   disk, as every start of a container does, waits for all of it. */
static void begin_flushing(struct flusher *flusher) {
  if (pthread_create(&flusher->thread, NULL, keep_flushing, flusher) != 0) flusher->is_enough = true;
}

static void end_flushing(struct flusher *flusher) {
  if (!flusher->is_enough) {
    flusher->is_enough = true;
    pthread_join(flusher->thread, NULL);
  }
  end_if_failed();
}

static int copy(int count, char **paths, bool live, bool sync) {
  volume *volumes = calloc((size_t)count, sizeof *volumes);
  tree **trees = calloc((size_t)count, sizeof *trees);
  if (!volumes || !trees) return 1;
  for (int i = 0; i < count; i++) {
    volumes[i].source = open_root(paths[2 * i]);
    volumes[i].target = open_root(paths[2 * i + 1]);
    volumes[i].live = live;
  }
  pthread_t reporter, listener;
  sem_t go;
  sem_init(&go, 0, 0);
  pthread_create(&reporter, NULL, report_progress, NULL);
  pthread_create(&listener, NULL, wait_for_word, &go);
  struct flusher flusher = {.volumes = volumes, .count = count};
  begin_flushing(&flusher);
  if (live) {
    int64_t began;
    int passes = 0;
    do {
      began = now();
      copy_all(volumes, trees, count);
    } while (++passes < MOST_LIVE_PASSES && now() - began > QUICK);
    end_flushing(&flusher);
    say("ready");
    while (sem_wait(&go) != 0) continue;
    for (int i = 0; i < count; i++) volumes[i].live = false;
  }
  copy_all(volumes, trees, count);
  end_flushing(&flusher);
  if (sync) sync_all(volumes, count);
  end_if_failed();
  say("done");
  /* At once: the memory of the trees need not be given back one by one. */
  _Exit(0);
}

static bool shares_blocks(int root) {
  struct statfs status;
  return fstatfs(root, &status) == 0 && (status.f_type == BTRFS_SUPER_MAGIC || status.f_type == XFS_MAGIC);
}

static int measure(int count, char **paths) {
  for (int i = 0; i < count; i++) {
    int root = open_root(paths[i]);
    tree *tree = read_tree(root);
    end_if_failed();
    int64_t blocks = 0;
    for (size_t at = 0; at < tree->folder_count; at++) blocks += tree->folders[at]->blocks;
    for (size_t at = 0; at < tree->file_count; at++) {
      const node *file = tree->files[at];
      if (file->links < 2 || find_inode(tree, file->device, file->inode) == file) blocks += file->blocks;
    }
    if (shares_blocks(root)) printf("measured %lld -\n", (long long)blocks * 512);
    else printf("measured %lld %lld\n", (long long)blocks * 512, (long long)blocks * 512);
    free_tree(tree);
    close(root);
  }
  say("done");
  return 0;
}

int main(int argc, char **argv) {
  /* The kernel would end a holder of a lease whom it asks to give it back; ours are held for a moment only. */
  signal(SIGIO, SIG_IGN);
  umask(0);
  bool live = false, sync = false;
  int at = 2;
  for (; at < argc && strncmp(argv[at], "--", 2) == 0; at++) {
    live = live || strcmp(argv[at], "--live") == 0;
    sync = sync || strcmp(argv[at], "--sync") == 0;
  }
  int paths = argc - at;
  if (argc > 2 && strcmp(argv[1], "copy") == 0 && paths >= 2 && paths % 2 == 0) return copy(paths / 2, argv + at, live, sync);
  if (argc > 2 && strcmp(argv[1], "measure") == 0 && paths >= 1) return measure(paths, argv + at);
  fprintf(stderr, "usage: volume-copy copy [--live] [--sync] SOURCE TARGET ... | volume-copy measure FOLDER ...\n");
  return 2;
}
