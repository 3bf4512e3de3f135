#ifndef LISTENERS_H
#define LISTENERS_H

#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_TEXT = 46, CONTAINER_ID = 64 };

/* A socket that waits for TCP connections. */
struct listener {
  uint64_t net;    /* network namespace, by its inode */
  uint64_t socket; /* inode */
  char address[ADDRESS_TEXT];
  uint16_t port;
};

/* A network namespace, and a process in it by which to look into it. */
struct net {
  uint64_t inode;
  int process;
};

struct listeners {
  struct listener *items;
  size_t count, room;
  struct net *nets;
  size_t net_count, net_room;
  /* Changes when any of it does. */
  uint64_t digest;
};

/* Finds all there are in this namespace and in those of the processes below it. */
void find_listeners(struct listeners *found);

/* Writes them as one line of JSON, with the processes that hold them. Returns 0 when nobody reads any more. */
int write_listeners(const struct listeners *found);

#endif
