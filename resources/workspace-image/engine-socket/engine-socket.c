/*
 * engine-socket: engine-socket SOCKET GROUP COMMAND [ARGUMENT...]
 *
 * Listens at SOCKET, for root and GROUP, and becomes COMMAND as soon as somebody connects. The command finds the socket as systemd hands
 * it over (sd_listen_fds(3)), which dockerd takes with “--host fd://”; who has connected meanwhile waits for it. A workspace in which
 * nobody uses Docker so runs no engine.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FIRST_SOCKET = 3, WAITING_CONNECTIONS = 128 };

static void fail(const char *what) {
  fprintf(stderr, "engine-socket: %s: %s\n", what, strerror(errno));
  exit(1);
}

/* Under its name only when it listens, and with the right owner and mode. */
static int listen_at(const char *path, gid_t group) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t room = sizeof address.sun_path;
  if ((size_t)snprintf(address.sun_path, room, "%s.new", path) >= room) errno = ENAMETOOLONG, fail(path);
  const char *temporary = address.sun_path;
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (listener < 0) fail("socket");
  if (unlink(temporary) < 0 && errno != ENOENT) fail(temporary);
  mode_t mask = umask(0177);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail(temporary);
  umask(mask);
  if (chown(temporary, 0, group) < 0 || chmod(temporary, 0660) < 0) fail(temporary);
  if (listen(listener, WAITING_CONNECTIONS) < 0 || rename(temporary, path) < 0) fail(path);
  return listener;
}

static void await_connection(int listener) {
  struct pollfd connection = {.fd = listener, .events = POLLIN};
  while (poll(&connection, 1, -1) < 0) {
    if (errno != EINTR) fail("poll");
  }
}

/* Has the same process id afterwards: the command only takes a socket that is meant for its own. */
static void hand_over(int listener) {
  char process[16];
  snprintf(process, sizeof process, "%d", (int)getpid());
  if (listener != FIRST_SOCKET && (dup2(listener, FIRST_SOCKET) < 0 || close(listener) < 0)) fail("dup2");
  if (setenv("LISTEN_PID", process, 1) < 0 || setenv("LISTEN_FDS", "1", 1) < 0) fail("setenv");
}

int main(int count, char **arguments) {
  if (count < 4) {
    fprintf(stderr, "Usage: engine-socket SOCKET GROUP COMMAND [ARGUMENT...]\n");
    return 2;
  }
  struct group *group = getgrnam(arguments[2]);
  if (group == NULL) {
    fprintf(stderr, "engine-socket: there is no group %s\n", arguments[2]);
    return 1;
  }
  int listener = listen_at(arguments[1], group->gr_gid);
  await_connection(listener);
  hand_over(listener);
  execvp(arguments[3], arguments + 3);
  fail(arguments[3]);
}
