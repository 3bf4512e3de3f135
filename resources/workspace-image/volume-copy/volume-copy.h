/* Shared by the parts of volume-copy; main.c says what the program does. */
#ifndef VOLUME_COPY_H
#define VOLUME_COPY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

/* ---- workers.c: threads, and the first failure of any of them ---- */

/* Runs each(context, worker, i) for every i below count, in runs of `chunk`, on all workers. Stops early after a failure. */
void for_each(size_t count, size_t chunk, void (*each)(void *context, int worker, size_t i), void *context);
/* Runs body(context, worker) once on each worker. */
void on_workers(void (*body)(void *context, int worker), void *context);
enum { MOST_WORKERS = 8 };
int worker_count(void);

/* Notes what failed, with errno; only the first failure counts. Returns -1. */
int fail(const char *what, const char *name);
bool has_failed(void);
/* After a failure: writes “failed no-space WHAT” or “failed error WHAT” and ends the program. */
void end_if_failed(void);
/* Never NULL: without memory the program ends. */
void *allocate(size_t size);

/* Bytes copied so far, and how many it will be as far as is known. */
extern _Atomic int64_t done_bytes;
extern _Atomic int64_t total_bytes;

/* ---- tree.c: what is in a folder at one moment ---- */

enum action { COPY, KEEP, MOVE, LINK };

/* A file or folder as it was when its folder was read. */
typedef struct node {
  struct node *parent; /* NULL for the root */
  /* Folders: the same path in the other tree. MOVE: where the previous tree has it. LINK: the node to link to. */
  struct node *other;
  /* The next name of the same inode, and on the first of them the one that the others are linked to. */
  struct node *next_link, *leader;
  const char *name;
  uint64_t device, inode;
  int64_t changed; /* change time in nanoseconds, from before the content was read */
  int64_t size, blocks;
  uint32_t mode, links, depth;
  uint8_t action;
  bool uncertain; /* may have changed without a change time that tells: done again in the next pass */
  bool absent;    /* was gone when it was to be copied: the target does not have it */
  bool claimed;   /* of the previous tree: the new one has taken it over */
  bool touched;   /* a folder whose times in the target must be set again, as something in it was changed */
} node;

typedef struct {
  node *root;
  node **folders; /* by depth, so that parents come first; [0] is the root */
  node **files;   /* all that is no folder; those of one folder side by side */
  size_t folder_count, file_count;
  void *memory;
  node **by_path, **by_inode;
  size_t table_size;
} tree;

/* Reads the tree below an open folder, on all workers. What vanishes meanwhile is left out. */
tree *read_tree(int root);
void free_tree(tree *tree);
/* Opens a folder of a tree below root, name by name, so that no symbolic link is ever followed. -1 and errno if it cannot. */
int open_folder(int root, const node *folder);
int64_t nanoseconds(struct timespec time);
/* What is on disk of a file of that size; holes do not count. */
int64_t bytes_to_copy(int64_t size, int64_t blocks);

/* ---- lookup.c: finding in a tree what another one has ---- */

void index_tree(tree *tree);
node *find_in_folder(const tree *tree, const node *folder, const char *name);
/* The first name of that inode; the others are its next_link. */
node *find_inode(const tree *tree, uint64_t device, uint64_t inode);

/* ---- entry.c, attributes.c: one file with everything that belongs to it ---- */

typedef struct {
  int source, target; /* the roots, open */
  bool first;         /* the target was empty: nothing inherits ACLs or groups yet */
  bool live;          /* the source may change meanwhile */
  _Atomic bool no_clone;
} volume;

/* Each returns 0, or 1 when it is gone from the source, or -1 after fail(), and notes in the node what it has copied. */
int copy_entry(volume *volume, node *entry, int source_folder, int target_folder);
int copy_folder_attributes(volume *volume, node *folder, int source, int target);
/* Extended attributes, ACLs and capabilities of folder/name. `clear`: those that the target has of its own go. 0 or -1. */
int copy_attributes(int source_folder, int target_folder, const char *name, bool clear);
/* Whether that errno says that something is not there (any more). */
bool has_vanished(int cause);

/* ---- pass.c: one comparison of source and target, and what follows from it ---- */

/* Reads the source and decides what is to be done, given the tree that the target is now (NULL for an empty one). */
tree *plan_pass(volume *volume, tree *before);
/* Does it: the target is then as the planned tree. Ends early after a failure. */
void run_pass(volume *volume, tree *before, tree *planned);

#endif
