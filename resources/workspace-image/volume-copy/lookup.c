#include "volume-copy.h"

#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 29);
}

static size_t path_slot(const tree *tree, const node *folder, const char *name) {
  uint64_t hash = mix(0, (uintptr_t)folder);
  for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
  return mix(hash, 1) & (tree->table_size - 1);
}

static size_t inode_slot(const tree *tree, uint64_t device, uint64_t inode) {
  return mix(mix(0, device), inode) & (tree->table_size - 1);
}

node *find_inode(const tree *tree, uint64_t device, uint64_t inode) {
  for (size_t at = inode_slot(tree, device, inode); tree->by_inode[at]; at = (at + 1) & (tree->table_size - 1)) {
    node *found = tree->by_inode[at];
    if (found->device == device && found->inode == inode) return found;
  }
  return NULL;
}

static void enter(tree *tree, node *entry) {
  size_t mask = tree->table_size - 1;
  if (entry->parent) {
    size_t at = path_slot(tree, entry->parent, entry->name);
    while (tree->by_path[at]) at = (at + 1) & mask;
    tree->by_path[at] = entry;
  }
  if (S_ISDIR(entry->mode)) return;
  node *first = find_inode(tree, entry->device, entry->inode);
  if (first) {
    entry->next_link = first->next_link;
    first->next_link = entry;
    return;
  }
  size_t at = inode_slot(tree, entry->device, entry->inode);
  while (tree->by_inode[at]) at = (at + 1) & mask;
  tree->by_inode[at] = entry;
}

void index_tree(tree *tree) {
  tree->table_size = 1024;
  while (tree->table_size < 2 * (tree->folder_count + tree->file_count)) tree->table_size *= 2;
  size_t bytes = tree->table_size * sizeof(node *);
  tree->by_path = memset(allocate(bytes), 0, bytes);
  tree->by_inode = memset(allocate(bytes), 0, bytes);
  for (size_t i = 0; i < tree->folder_count; i++) enter(tree, tree->folders[i]);
  for (size_t i = 0; i < tree->file_count; i++) enter(tree, tree->files[i]);
}

node *find_in_folder(const tree *tree, const node *folder, const char *name) {
  for (size_t at = path_slot(tree, folder, name); tree->by_path[at]; at = (at + 1) & (tree->table_size - 1)) {
    node *found = tree->by_path[at];
    if (found->parent == folder && strcmp(found->name, name) == 0) return found;
  }
  return NULL;
}
