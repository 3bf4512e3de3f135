#define _GNU_SOURCE
#include "listeners.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STATE_LISTEN = 0x0A };

static void *grown(void *items, size_t *room, size_t size) {
  *room = *room ? *room * 2 : 64;
  items = realloc(items, *room * size);
  if (!items) abort();
  return items;
}

static void mix(uint64_t *digest, uint64_t value) {
  *digest = (*digest ^ value) * 1099511628211ULL;
  *digest ^= *digest >> 29;
}

/* The kernel prints an address as words of 32 bits in the machine's own order. */
static void write_address(const char *hex, int family, char *text) {
  uint32_t words[4] = {0};
  for (int index = 0; index < (family == AF_INET ? 1 : 4); index++) sscanf(hex + 8 * index, "%8" SCNx32, &words[index]);
  inet_ntop(family, words, text, ADDRESS_TEXT);
}

/* Listening sockets come first in these files: the connections after them, of which there may be many, are not read. */
static void read_table(struct listeners *found, const struct net *net, const char *table, int family) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/net/%s", net->process, table);
  FILE *file = fopen(path, "re");
  if (!file) return;
  if (!fgets(line, sizeof line, file)) line[0] = 0;
  while (fgets(line, sizeof line, file)) {
    char address[33];
    unsigned port, state;
    uint64_t socket;
    int fields = sscanf(line, " %*d: %32[0-9A-F]:%x %*[^ ] %x %*s %*s %*s %*u %*u %" SCNu64, address, &port, &state, &socket);
    if (fields != 4 || state != STATE_LISTEN) break;
    if (found->count == found->room) found->items = grown(found->items, &found->room, sizeof *found->items);
    struct listener *listener = &found->items[found->count++];
    listener->net = net->inode;
    listener->socket = socket;
    listener->port = (uint16_t)port;
    write_address(address, family, listener->address);
    mix(&found->digest, net->inode);
    mix(&found->digest, socket);
    mix(&found->digest, port);
  }
  fclose(file);
}

static void add_net(struct listeners *found, int process) {
  char path[64];
  struct stat status;
  snprintf(path, sizeof path, "/proc/%d/ns/net", process);
  if (stat(path, &status) != 0) return;
  for (size_t index = 0; index < found->net_count; index++)
    if (found->nets[index].inode == status.st_ino) return;
  if (found->net_count == found->net_room) found->nets = grown(found->nets, &found->net_room, sizeof *found->nets);
  found->nets[found->net_count++] = (struct net){status.st_ino, process};
}

void find_listeners(struct listeners *found) {
  found->count = found->net_count = 0;
  found->digest = 14695981039346656037ULL;
  add_net(found, 1);
  DIR *directory = opendir("/proc");
  if (!directory) abort();
  for (struct dirent *entry; (entry = readdir(directory));) {
    int process = atoi(entry->d_name);
    if (process > 1) add_net(found, process);
  }
  closedir(directory);
  for (size_t index = 0; index < found->net_count; index++) {
    read_table(found, &found->nets[index], "tcp", AF_INET);
    read_table(found, &found->nets[index], "tcp6", AF_INET6);
  }
}
