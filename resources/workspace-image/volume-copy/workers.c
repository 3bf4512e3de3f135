#define _GNU_SOURCE
#include "volume-copy.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Atomic int64_t done_bytes;
_Atomic int64_t total_bytes;

static atomic_int failure;
static char failed_at[512];

int fail(const char *what, const char *name) {
  int cause = errno ? errno : EIO;
  int none = 0;
  static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&writing);
  if (atomic_compare_exchange_strong(&failure, &none, cause)) snprintf(failed_at, sizeof failed_at, "%s %s", what, name);
  pthread_mutex_unlock(&writing);
  return -1;
}

bool has_failed(void) { return atomic_load_explicit(&failure, memory_order_relaxed) != 0; }

void end_if_failed(void) {
  int cause = atomic_load(&failure);
  if (cause == 0) return;
  const char *kind = cause == ENOSPC || cause == EDQUOT ? "no-space" : "error";
  /* A name may hold a line end; the reader takes lines. */
  for (char *at = failed_at; *at; at++)
    if (*at == '\n') *at = '?';
  printf("failed %s could not %s: %s\n", kind, failed_at, strerror(cause));
  fflush(stdout);
  _Exit(1);
}

void *allocate(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) {
    fail("get memory for", "the list of files");
    end_if_failed();
  }
  return memory;
}

int worker_count(void) {
  static int count;
  if (count == 0) {
    cpu_set_t cpus;
    int available = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 2;
    /* More than there are processors, as some wait for the disk. */
    count = available < 2 ? 4 : available > MOST_WORKERS / 2 ? MOST_WORKERS : 2 * available;
  }
  return count;
}

struct start {
  void (*body)(void *context, int worker);
  void *context;
  int worker;
};

static void *run(void *argument) {
  struct start *start = argument;
  start->body(start->context, start->worker);
  return NULL;
}

void on_workers(void (*body)(void *context, int worker), void *context) {
  pthread_t threads[MOST_WORKERS];
  struct start starts[MOST_WORKERS];
  bool started[MOST_WORKERS] = {false};
  int count = worker_count();
  for (int i = 1; i < count; i++) {
    starts[i] = (struct start){body, context, i};
    started[i] = pthread_create(&threads[i], NULL, run, &starts[i]) == 0;
  }
  body(context, 0);
  for (int i = 1; i < count; i++)
    if (started[i]) pthread_join(threads[i], NULL);
}

struct loop {
  size_t count, chunk;
  void (*each)(void *context, int worker, size_t i);
  void *context;
  _Atomic size_t next;
};

static void take_chunks(void *argument, int worker) {
  struct loop *loop = argument;
  for (;;) {
    size_t from = atomic_fetch_add(&loop->next, loop->chunk);
    if (from >= loop->count) return;
    size_t to = from + loop->chunk < loop->count ? from + loop->chunk : loop->count;
    for (size_t i = from; i < to; i++) {
      if (has_failed()) return;
      loop->each(loop->context, worker, i);
    }
  }
}

void for_each(size_t count, size_t chunk, void (*each)(void *context, int worker, size_t i), void *context) {
  struct loop loop = {.count = count, .chunk = chunk, .each = each, .context = context};
  if (count <= chunk) {
    for (size_t i = 0; i < count && !has_failed(); i++) each(context, 0, i);
    return;
  }
  on_workers(take_chunks, &loop);
}
