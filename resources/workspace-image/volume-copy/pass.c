#define _GNU_SOURCE
#include "volume-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A job takes whole folders until it has so many files or bytes, but no more than so many of one folder. */
enum { LARGE_FILE = 16 << 20, FILES_A_JOB = 64, BYTES_A_JOB = 32 << 20, MOST_FILES_A_JOB = 1024 };

/* Files that changed place wait here, so that two of them can change places. */
static const char MOVING[] = ".volume-copy-moving";

/* Files in a row of the tree's list, for one worker. */
struct job {
  size_t from, to;
};

/* The folders that a worker had open last. */
struct open_folders {
  const node *source_of, *target_of, *link_of;
  int source, target, link;
};

struct pass {
  volume *volume;
  tree *before, *tree;
  struct job *jobs;
  size_t level;
  int moving;
  struct open_folders open[MOST_WORKERS];
};

static int opened(int root, const node *folder, const node **of, int *file) {
  if (*of == folder) return *file;
  if (*of && *file >= 0) close(*file);
  *file = open_folder(root, folder);
  *of = *file >= 0 ? folder : NULL;
  return *file;
}

static int source_folder(struct pass *pass, int worker, const node *folder) {
  return opened(pass->volume->source, folder, &pass->open[worker].source_of, &pass->open[worker].source);
}

static int target_folder(struct pass *pass, int worker, const node *folder) {
  int file = opened(pass->volume->target, folder, &pass->open[worker].target_of, &pass->open[worker].target);
  if (file < 0) fail("open the copy of", folder->name);
  return file;
}

static void close_folders(struct pass *pass) {
  for (int i = 0; i < MOST_WORKERS; i++) {
    struct open_folders *open = &pass->open[i];
    if (open->source_of) close(open->source);
    if (open->target_of) close(open->target);
    if (open->link_of) close(open->link);
    *open = (struct open_folders){0};
  }
}

/* ---- what is to be done ---- */

static bool is_same(const node *before, const node *now) {
  return !before->absent && !before->uncertain && before->device == now->device && before->inode == now->inode &&
         before->changed == now->changed && (before->mode & S_IFMT) == (now->mode & S_IFMT);
}

static void claim(node *now, node *before, enum action action) {
  now->action = action;
  now->other = before;
  before->claimed = true;
  before->other = now;
}

static void plan_folders(tree *before, tree *now) {
  claim(now->root, before->root, KEEP);
  for (size_t i = 1; i < now->folder_count; i++) {
    node *folder = now->folders[i];
    node *same = folder->parent->other ? find_in_folder(before, folder->parent->other, folder->name) : NULL;
    if (same && S_ISDIR(same->mode)) claim(folder, same, KEEP);
  }
}

static void plan_kept(tree *before, tree *now) {
  for (size_t i = 0; i < now->file_count; i++) {
    node *file = now->files[i];
    node *same = file->parent->other ? find_in_folder(before, file->parent->other, file->name) : NULL;
    if (same && is_same(same, file)) claim(file, same, KEEP);
  }
}

/* The same file under another path: a folder above it was renamed. */
static void plan_moved(tree *before, tree *now) {
  if (find_in_folder(now, now->root, MOVING)) return;
  for (size_t i = 0; i < now->file_count; i++) {
    node *file = now->files[i];
    if (file->action != COPY) continue;
    node *same = find_inode(before, file->device, file->inode);
    while (same && (same->claimed || !is_same(same, file))) same = same->next_link;
    if (same) claim(file, same, MOVE);
  }
}

/* Of several names of one file, one is copied and the others are linked to it. */
static void plan_links(tree *now) {
  for (size_t i = 0; i < now->file_count; i++) {
    node *file = now->files[i];
    if (file->action != COPY) continue;
    node *first = find_inode(now, file->device, file->inode);
    if (!first->next_link) continue;
    if (!first->leader) {
      node *leader = file;
      for (node *name = first; name; name = name->next_link)
        if (name->action == KEEP || (name->action == MOVE && leader->action != KEEP)) leader = name;
      first->leader = leader;
    }
    if (first->leader == file) continue;
    file->action = LINK;
    file->other = first->leader;
  }
}

tree *plan_pass(volume *volume, tree *before) {
  tree *now = read_tree(volume->source);
  if (has_failed()) return now;
  volume->first = before == NULL;
  if (before) {
    plan_folders(before, now);
    plan_kept(before, now);
    plan_moved(before, now);
  }
  plan_links(now);
  int64_t bytes = 0;
  for (size_t i = 0; i < now->file_count; i++)
    if (now->files[i]->action == COPY && S_ISREG(now->files[i]->mode)) bytes += bytes_to_copy(now->files[i]->size, now->files[i]->blocks);
  atomic_fetch_add(&total_bytes, bytes);
  return now;
}

/* ---- doing it ---- */

static void moving_name(char *name, size_t size, const node *before) { snprintf(name, size, "%p", (const void *)before); }

static void set_aside(void *context, int worker, size_t i) {
  struct pass *pass = context;
  node *file = pass->tree->files[i];
  if (file->action != MOVE) return;
  const node *before = file->other;
  char name[32];
  moving_name(name, sizeof name, before);
  int folder = target_folder(pass, worker, before->parent);
  if (folder >= 0 && renameat(folder, before->name, pass->moving, name) != 0) fail("move", before->name);
  if (before->parent->claimed) before->parent->other->touched = true;
}

static void remove_file(void *context, int worker, size_t i) {
  struct pass *pass = context;
  const node *file = pass->before->files[i];
  if (file->claimed || file->absent) return;
  int folder = target_folder(pass, worker, file->parent);
  if (folder >= 0 && unlinkat(folder, file->name, 0) != 0) fail("remove the copy of", file->name);
  if (file->parent->claimed) file->parent->other->touched = true;
}

static void remove_folders(struct pass *pass) {
  for (size_t i = pass->before->folder_count; i-- > 1 && !has_failed();) {
    const node *folder = pass->before->folders[i];
    if (folder->claimed) continue;
    int parent = target_folder(pass, 0, folder->parent);
    if (parent >= 0 && unlinkat(parent, folder->name, AT_REMOVEDIR) != 0) fail("remove the copy of", folder->name);
    if (folder->parent->claimed) folder->parent->other->touched = true;
  }
}

static void make_folder(void *context, int worker, size_t i) {
  struct pass *pass = context;
  node *folder = pass->tree->folders[pass->level + i];
  if (folder->action == KEEP) return;
  int parent = target_folder(pass, worker, folder->parent);
  if (parent >= 0 && mkdirat(parent, folder->name, 0700) != 0) fail("create", folder->name);
  folder->parent->touched = true;
}

/* Level by level, as a folder can only be made in one that is there. */
static void make_folders(struct pass *pass) {
  for (size_t from = 1, to; from < pass->tree->folder_count; from = to) {
    uint32_t depth = pass->tree->folders[from]->depth;
    for (to = from; to < pass->tree->folder_count && pass->tree->folders[to]->depth == depth;) to++;
    pass->level = from;
    for_each(to - from, 16, make_folder, pass);
  }
}

static void fill(struct pass *pass, int worker, node *file) {
  if (file->action != COPY && file->action != MOVE) return;
  int target = target_folder(pass, worker, file->parent);
  if (target < 0) return;
  file->parent->touched = true;
  if (file->action == MOVE) {
    char name[32];
    moving_name(name, sizeof name, file->other);
    if (renameat(pass->moving, name, target, file->name) != 0) fail("move", file->name);
    return;
  }
  int source = source_folder(pass, worker, file->parent);
  if (source < 0 && !has_vanished(errno)) fail("open", file->parent->name);
  file->absent = source < 0 || copy_entry(pass->volume, file, source, target) == 1;
}

static void run_job(void *context, int worker, size_t i) {
  struct pass *pass = context;
  for (size_t file = pass->jobs[i].from; file < pass->jobs[i].to && !has_failed(); file++) fill(pass, worker, pass->tree->files[file]);
}

/* Two workers that create in the same folder wait for each other. */
static bool ends_job(node **files, size_t count, size_t from, size_t at, int64_t bytes) {
  if (at == count || files[at]->size >= LARGE_FILE || bytes >= BYTES_A_JOB || at - from >= MOST_FILES_A_JOB) return true;
  return at - from >= FILES_A_JOB && files[at]->parent != files[at - 1]->parent;
}

/* Large files first, one a job, so that no worker is left with one when the others are done. */
static size_t make_jobs(struct pass *pass) {
  node **files = pass->tree->files;
  size_t count = pass->tree->file_count, jobs = 0;
  pass->jobs = allocate((count + 1) * sizeof *pass->jobs);
  for (size_t i = 0; i < count; i++)
    if (files[i]->size >= LARGE_FILE) pass->jobs[jobs++] = (struct job){i, i + 1};
  for (size_t i = 0; i < count;) {
    size_t from = i++;
    if (files[from]->size >= LARGE_FILE) continue;
    for (int64_t bytes = files[from]->size; !ends_job(files, count, from, i, bytes); i++) bytes += files[i]->size;
    pass->jobs[jobs++] = (struct job){from, i};
  }
  return jobs;
}

static void link_file(void *context, int worker, size_t i) {
  struct pass *pass = context;
  node *file = pass->tree->files[i];
  if (file->action != LINK) return;
  node *leader = file->other;
  file->absent = leader->absent;
  /* What it is depends on when the one it is linked to was copied. */
  file->changed = leader->changed;
  file->uncertain = leader->uncertain;
  file->device = leader->device;
  file->inode = leader->inode;
  if (leader->absent) return;
  int target = target_folder(pass, worker, file->parent);
  if (target < 0) return;
  struct open_folders *open = &pass->open[worker];
  int from = opened(pass->volume->target, leader->parent, &open->link_of, &open->link);
  if (from < 0 || linkat(from, leader->name, target, file->name, 0) != 0) fail("link", file->name);
  file->parent->touched = true;
}

static void finish_folder(void *context, int worker, size_t i) {
  struct pass *pass = context;
  node *folder = pass->tree->folders[i];
  const node *before = folder->action == KEEP ? folder->other : NULL;
  if (before && !folder->touched && !before->uncertain && before->changed == folder->changed) return;
  int source = source_folder(pass, worker, folder);
  if (source < 0 && !has_vanished(errno)) fail("open", folder->name);
  int target = source < 0 ? -1 : target_folder(pass, worker, folder);
  if (target < 0 || copy_folder_attributes(pass->volume, folder, source, target) != 0) folder->uncertain = true;
}

static void begin_moves(struct pass *pass) {
  pass->moving = -1;
  bool any = false;
  for (size_t i = 0; i < pass->tree->file_count && !any; i++) any = pass->tree->files[i]->action == MOVE;
  if (!any) return;
  int target = pass->volume->target;
  if (mkdirat(target, MOVING, 0700) != 0) fail("create", MOVING);
  pass->moving = openat(target, MOVING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (pass->moving < 0) fail("open", MOVING);
  for_each(pass->tree->file_count, 64, set_aside, pass);
}

static void end_moves(struct pass *pass) {
  if (pass->moving < 0) return;
  close(pass->moving);
  if (unlinkat(pass->volume->target, MOVING, AT_REMOVEDIR) != 0) fail("remove", MOVING);
  pass->tree->root->touched = true;
}

void run_pass(volume *volume, tree *before, tree *planned) {
  struct pass pass = {.volume = volume, .before = before, .tree = planned};
  if (before) {
    begin_moves(&pass);
    for_each(before->file_count, 64, remove_file, &pass);
    remove_folders(&pass);
    close_folders(&pass);
  }
  make_folders(&pass);
  for_each(make_jobs(&pass), 1, run_job, &pass);
  free(pass.jobs);
  if (before) end_moves(&pass);
  for_each(planned->file_count, 64, link_file, &pass);
  for_each(planned->folder_count, 16, finish_folder, &pass);
  close_folders(&pass);
}
