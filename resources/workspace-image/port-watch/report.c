#define _GNU_SOURCE
#include "listeners.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMAND_BYTES = 4096 };

static size_t read_file(const char *path, char *text, size_t room) {
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  size_t length = fread(text, 1, room - 1, file);
  fclose(file);
  text[length] = 0;
  return length;
}

static void write_string(const char *text) {
  putchar('"');
  for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
    /* What is not plain is left out: it is a name to be read. */
    if (*byte == '"' || *byte == '\\') printf("\\%c", *byte);
    else if (*byte >= ' ' && *byte < 0x7f) putchar(*byte);
  }
  putchar('"');
}

/* The words of its command line, for the proxy of a published port. */
static const char *argument_after(const char *command, size_t length, const char *name) {
  for (const char *word = command; word < command + length; word += strlen(word) + 1) {
    const char *next = word + strlen(word) + 1;
    if (strcmp(word, name) == 0 && next < command + length) return next;
  }
  return NULL;
}

/* The id of the nested container that the process is in, from its control group. */
static int container_of(int process, char *id) {
  char path[64], groups[8192];
  snprintf(path, sizeof path, "/proc/%d/cgroup", process);
  if (!read_file(path, groups, sizeof groups)) return 0;
  for (const char *end = groups; (end = strchr(end, '\n')); end++) {
    const char *start = end;
    while (start > groups && start[-1] != '/' && start[-1] != '-' && start[-1] != '\n') start--;
    size_t length = strspn(start, "0123456789abcdef");
    if (length == CONTAINER_ID) {
      memcpy(id, start, CONTAINER_ID);
      id[CONTAINER_ID] = 0;
      return 1;
    }
  }
  return 0;
}

/* Its address on the nested engine's network: the host addresses that its routing table calls local. */
static int address_of(int process, char *address) {
  char path[64], line[256], last[ADDRESS_TEXT] = "";
  snprintf(path, sizeof path, "/proc/%d/net/fib_trie", process);
  FILE *file = fopen(path, "re");
  int known = 0;
  if (!file) return 0;
  while (!known && fgets(line, sizeof line, file)) {
    char text[ADDRESS_TEXT];
    if (sscanf(line, " |-- %45[0-9.]", text) == 1) strcpy(last, text);
    else if (strstr(line, "/32 host LOCAL") && strncmp(last, "127.", 4) != 0 && last[0]) known = 1;
  }
  fclose(file);
  if (known) strcpy(address, last);
  return known;
}

static void write_holder(int process) {
  char path[64], name[64] = "", command[COMMAND_BYTES];
  snprintf(path, sizeof path, "/proc/%d/comm", process);
  read_file(path, name, sizeof name);
  name[strcspn(name, "\n")] = 0;
  printf(",\"pid\":%d,\"process\":", process);
  write_string(name);
  snprintf(path, sizeof path, "/proc/%d/cmdline", process);
  size_t length = read_file(path, command, sizeof command);
  if (strcmp(name, "docker-proxy") == 0) {
    const char *address = argument_after(command, length, "-container-ip");
    const char *port = argument_after(command, length, "-container-port");
    if (address && port) {
      printf(",\"proxyTo\":{\"address\":");
      write_string(address);
      printf(",\"port\":%d}", atoi(port));
    }
  }
}

/* Which process has each socket: the first one found. */
static void find_holders(const struct listeners *found, int *holders) {
  DIR *processes = opendir("/proc");
  if (!processes) abort();
  for (struct dirent *entry; (entry = readdir(processes));) {
    int process = atoi(entry->d_name);
    char path[64], link[64], name[320];
    if (process < 1) continue;
    snprintf(path, sizeof path, "/proc/%d/fd", process);
    DIR *files = opendir(path);
    if (!files) continue;
    for (struct dirent *file; (file = readdir(files));) {
      snprintf(name, sizeof name, "%s/%s", path, file->d_name);
      ssize_t length = readlink(name, link, sizeof link - 1);
      uint64_t socket;
      if (length < 0) continue;
      link[length] = 0;
      if (sscanf(link, "socket:[%" SCNu64 "]", &socket) != 1) continue;
      for (size_t index = 0; index < found->count; index++)
        if (found->items[index].socket == socket && holders[index] == 0) holders[index] = process;
    }
    closedir(files);
  }
  closedir(processes);
}

int write_listeners(const struct listeners *found) {
  int *holders = calloc(found->count + 1, sizeof *holders);
  if (!holders) abort();
  find_holders(found, holders);
  printf("{\"listeners\":[");
  for (size_t index = 0; index < found->count; index++) {
    const struct listener *listener = &found->items[index];
    char container[CONTAINER_ID + 1], address[ADDRESS_TEXT];
    printf("%s{\"address\":\"%s\",\"port\":%d", index ? "," : "", listener->address, listener->port);
    if (holders[index]) write_holder(holders[index]);
    if (listener->net != found->nets[0].inode && holders[index] && container_of(holders[index], container)) {
      printf(",\"container\":{\"id\":\"%s\",\"address\":", container);
      if (address_of(holders[index], address)) write_string(address);
      else printf("null");
      putchar('}');
    } else if (listener->net != found->nets[0].inode) {
      printf(",\"elsewhere\":true");
    }
    putchar('}');
  }
  printf("]}\n");
  free(holders);
  return fflush(stdout) == 0;
}
