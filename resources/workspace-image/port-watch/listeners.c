#define _GNU_SOURCE
#include "listeners.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_LISTEN = 10 };

static void *grown(void *items, size_t *room, size_t size) {
  *room = *room ? *room * 2 : 64;
  items = realloc(items, *room * size);
  if (!items) abort();
  return items;
}

static uint64_t mixed(uint64_t digest, uint64_t value) {
  digest = (digest ^ value) * 1099511628211ULL;
  return digest ^ (digest >> 29);
}

static void add_listener(struct listeners *found, const struct net *net, const struct inet_diag_msg *socket) {
  if (found->count == found->room) found->items = grown(found->items, &found->room, sizeof *found->items);
  struct listener *listener = &found->items[found->count++];
  listener->net = net->inode;
  listener->socket = socket->idiag_inode;
  listener->port = ntohs(socket->id.idiag_sport);
  inet_ntop(socket->idiag_family, socket->id.idiag_src, listener->address, ADDRESS_TEXT);
  /* A sum, since the kernel tells them in any order. */
  found->digest += mixed(mixed(mixed(14695981039346656037ULL, net->inode), listener->socket), listener->port);
}

/* Asks for those that listen only: the files in /proc/net make the kernel go through every bucket of its connections. */
static void ask(struct listeners *found, const struct net *net, int diagnostics, int family) {
  struct {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
  } question = {
      .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
      .request = {.sdiag_family = (unsigned char)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1 << STATE_LISTEN},
  };
  if (send(diagnostics, &question, sizeof question, 0) < 0) return;
  static _Alignas(struct nlmsghdr) char answer[32768];
  for (;;) {
    ssize_t received = recv(diagnostics, answer, sizeof answer, 0);
    if (received <= 0) return;
    unsigned left = (unsigned)received;
    for (struct nlmsghdr *part = (struct nlmsghdr *)answer; NLMSG_OK(part, left); part = NLMSG_NEXT(part, left)) {
      if (part->nlmsg_type == NLMSG_DONE || part->nlmsg_type == NLMSG_ERROR) return;
      add_listener(found, net, NLMSG_DATA(part));
    }
  }
}

/* A socket stays in the namespace that it was opened in. */
static int open_in(const struct net *net, int own) {
  char path[64];
  int diagnostics = -1;
  snprintf(path, sizeof path, "/proc/%d/ns/net", net->process);
  int there = open(path, O_RDONLY | O_CLOEXEC);
  if (there < 0) return -1;
  if (setns(there, CLONE_NEWNET) == 0) {
    diagnostics = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (setns(own, CLONE_NEWNET) != 0) abort();
  }
  close(there);
  return diagnostics;
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
  found->digest = 1;
  add_net(found, 1);
  DIR *directory = opendir("/proc");
  if (!directory) abort();
  for (struct dirent *entry; (entry = readdir(directory));) {
    int process = atoi(entry->d_name);
    if (process > 1) add_net(found, process);
  }
  closedir(directory);
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (size_t index = 0; index < found->net_count; index++) {
    int diagnostics = open_in(&found->nets[index], own);
    if (diagnostics < 0) continue;
    ask(found, &found->nets[index], diagnostics, AF_INET);
    ask(found, &found->nets[index], diagnostics, AF_INET6);
    close(diagnostics);
  }
  close(own);
}
