/*
 * port-watch: says what waits for TCP connections in a workspace, and in the nested containers below it.
 *
 * On stdout, one line of JSON at once and one after each change:
 *   {"listeners": [{"address", "port", "pid", "process", "proxyTo": {"address", "port"}, "container": {"id", "address"}}]}
 * `proxyTo` is where the nested engine's proxy of a published port leads. The kernel has no event for a socket that begins to
 * listen, so it looks twice a second; who holds the sockets is looked up only after a change. Ends when stdin ends.
 */
#include "listeners.h"

#include <poll.h>
#include <stdint.h>
#include <unistd.h>

enum { LOOK_MILLISECONDS = 500 };

/* Waits for the next look. Returns 0 when whoever started this has gone. */
static int rest(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  char ignored[64];
  if (poll(&input, 1, LOOK_MILLISECONDS) <= 0) return 1;
  return read(STDIN_FILENO, ignored, sizeof ignored) > 0;
}

int main(void) {
  struct listeners found = {0};
  uint64_t told = 0;
  do {
    find_listeners(&found);
    if (found.digest == told) continue;
    if (!write_listeners(&found)) return 1;
    told = found.digest;
  } while (rest());
  return 0;
}
