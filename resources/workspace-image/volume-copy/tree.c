#define _GNU_SOURCE
#include "volume-copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20, FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* Memory is taken in blocks that live as long as the tree. */
struct block {
  struct block *next;
  size_t used;
  char bytes[BLOCK_BYTES];
};

struct list {
  node **items;
  size_t count, capacity;
};

/* What one worker finds; put together at the end. */
struct finds {
  struct block *memory;
  struct list folders, files;
};

struct reading {
  int root;
  struct finds *finds;
  pthread_mutex_t lock;
  pthread_cond_t more;
  struct list waiting; /* folders to be read, last in first out */
  size_t unread;       /* waiting or being read */
};

int64_t nanoseconds(struct timespec time) { return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec; }

int64_t bytes_to_copy(int64_t size, int64_t blocks) { return blocks * 512 < size ? blocks * 512 : size; }

static void *take(struct finds *finds, size_t size) {
  size = (size + 7) & ~(size_t)7;
  if (!finds->memory || finds->memory->used + size > BLOCK_BYTES) {
    struct block *block = allocate(sizeof *block);
    *block = (struct block){.next = finds->memory, .used = 0};
    finds->memory = block;
  }
  void *memory = finds->memory->bytes + finds->memory->used;
  finds->memory->used += size;
  return memory;
}

static void append(struct list *list, node *item) {
  if (list->count == list->capacity) {
    size_t capacity = list->capacity ? list->capacity * 2 : 1024;
    node **items = allocate(capacity * sizeof *items);
    if (list->count) memcpy(items, list->items, list->count * sizeof *items);
    free(list->items);
    list->items = items;
    list->capacity = capacity;
  }
  list->items[list->count++] = item;
}

static node *add_node(struct finds *finds, node *parent, const char *name, const struct stat *status) {
  node *made = take(finds, sizeof *made);
  size_t length = strlen(name) + 1;
  char *copy = take(finds, length);
  memcpy(copy, name, length);
  *made = (node){
      .parent = parent,
      .name = copy,
      .device = status->st_dev,
      .inode = status->st_ino,
      .changed = nanoseconds(status->st_ctim),
      .size = status->st_size,
      .blocks = status->st_blocks,
      .mode = status->st_mode,
      .links = status->st_nlink,
      .depth = parent ? parent->depth + 1 : 0,
  };
  append(S_ISDIR(status->st_mode) ? &finds->folders : &finds->files, made);
  return made;
}

int open_folder(int root, const node *folder) {
  if (!folder->parent) return fcntl(root, F_DUPFD_CLOEXEC, 0);
  int parent = open_folder(root, folder->parent);
  if (parent < 0) return -1;
  int opened = openat(parent, folder->name, FOLDER_FLAGS | O_NOATIME);
  int cause = errno;
  close(parent);
  errno = cause;
  return opened;
}

/* Reads one folder; the folders in it are put to those that wait. What cannot be found any more has vanished. */
static void read_folder(struct reading *reading, struct finds *finds, node *folder) {
  int opened = open_folder(reading->root, folder);
  /* Of the root a descriptor of its own is needed: a duplicate shares the position of the first. */
  if (opened >= 0 && !folder->parent) {
    int own = openat(opened, ".", FOLDER_FLAGS | O_NOATIME);
    close(opened);
    opened = own;
  }
  if (opened < 0) {
    if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != ESTALE) fail("open", folder->name);
    return;
  }
  DIR *entries = fdopendir(opened);
  if (!entries) {
    close(opened);
    fail("read", folder->name);
    return;
  }
  for (struct dirent *entry; errno = 0, (entry = readdir(entries)) && !has_failed();) {
    const char *name = entry->d_name;
    if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0))) continue;
    struct stat status;
    if (fstatat(opened, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT && errno != ESTALE) fail("look at", name);
      continue;
    }
    node *made = add_node(finds, folder, name, &status);
    if (!S_ISDIR(status.st_mode)) continue;
    pthread_mutex_lock(&reading->lock);
    append(&reading->waiting, made);
    reading->unread++;
    pthread_cond_signal(&reading->more);
    pthread_mutex_unlock(&reading->lock);
  }
  if (errno != 0 && errno != ENOENT) fail("read", folder->name);
  closedir(entries);
}

static void read_folders(void *context, int worker) {
  struct reading *reading = context;
  pthread_mutex_lock(&reading->lock);
  while (reading->unread > 0) {
    if (reading->waiting.count == 0) {
      pthread_cond_wait(&reading->more, &reading->lock);
      continue;
    }
    node *folder = reading->waiting.items[--reading->waiting.count];
    pthread_mutex_unlock(&reading->lock);
    if (!has_failed()) read_folder(reading, &reading->finds[worker], folder);
    pthread_mutex_lock(&reading->lock);
    if (--reading->unread == 0) pthread_cond_broadcast(&reading->more);
  }
  pthread_mutex_unlock(&reading->lock);
}

static void sort_by_depth(node **folders, size_t count) {
  uint32_t deepest = 0;
  for (size_t i = 0; i < count; i++)
    if (folders[i]->depth > deepest) deepest = folders[i]->depth;
  size_t *start = allocate((deepest + 2) * sizeof *start);
  memset(start, 0, (deepest + 2) * sizeof *start);
  for (size_t i = 0; i < count; i++) start[folders[i]->depth + 1]++;
  for (uint32_t depth = 1; depth <= deepest + 1; depth++) start[depth] += start[depth - 1];
  node **sorted = allocate(count * sizeof *sorted);
  for (size_t i = 0; i < count; i++) sorted[start[folders[i]->depth]++] = folders[i];
  memcpy(folders, sorted, count * sizeof *sorted);
  free(sorted);
  free(start);
}

/* All workers' finds in one list. */
static node **gather(struct finds *finds, int count, size_t list_offset, size_t *total) {
  struct list all = {0};
  for (int i = 0; i < count; i++) {
    struct list *list = (struct list *)((char *)&finds[i] + list_offset);
    for (size_t item = 0; item < list->count; item++) append(&all, list->items[item]);
    free(list->items);
  }
  *total = all.count;
  return all.items;
}

tree *read_tree(int root) {
  int workers = worker_count();
  struct finds *finds = allocate((size_t)workers * sizeof *finds);
  memset(finds, 0, (size_t)workers * sizeof *finds);
  struct reading reading = {.root = root, .finds = finds, .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
  struct stat status;
  if (fstat(root, &status) != 0) fail("look at", "the volume");
  node *top = add_node(&finds[0], NULL, "", &status);
  append(&reading.waiting, top);
  reading.unread = 1;
  on_workers(read_folders, &reading);
  free(reading.waiting.items);

  tree *made = allocate(sizeof *made);
  *made = (tree){.root = top};
  made->folders = gather(finds, workers, offsetof(struct finds, folders), &made->folder_count);
  made->files = gather(finds, workers, offsetof(struct finds, files), &made->file_count);
  sort_by_depth(made->folders, made->folder_count);
  for (int i = 0; i < workers; i++) {
    for (struct block *block = finds[i].memory, *next; block; block = next) {
      next = block->next;
      block->next = made->memory;
      made->memory = block;
    }
  }
  free(finds);
  if (!has_failed()) index_tree(made);
  return made;
}

void free_tree(tree *tree) {
  if (!tree) return;
  for (struct block *block = tree->memory, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  free(tree->folders);
  free(tree->files);
  free(tree->by_path);
  free(tree->by_inode);
  free(tree);
}

