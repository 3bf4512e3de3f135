/*
 * A module of PAM that gives a session the workspace's environment, from /etc/berth/environment (`handed-over.ts` of Berth), which leads
 * into memory. If the file begins with '#', entries NAME=VALUE end with a NUL, and a value may hold anything else; a NAME alone means that
 * there is no such variable. Otherwise they are lines.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>

static const char path[] = "/etc/berth/environment";

static int is_variable(const char *entry) {
  if (!isalpha((unsigned char)*entry) && *entry != '_') return 0;
  while (isalnum((unsigned char)*entry) || *entry == '_') entry++;
  return *entry == '=';
}

int pam_sm_open_session(pam_handle_t *handle, int flags, int argc, const char **argv) {
  (void)flags, (void)argc, (void)argv;
  FILE *file = fopen(path, "re");
  if (!file) return PAM_SUCCESS;
  int first = getc(file), separator = first == '#' ? 0 : '\n';
  if (first != EOF) ungetc(first, file);
  char *entry = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getdelim(&entry, &room, separator, file)) > 0) {
    if (entry[length - 1] == separator) entry[length - 1] = 0;
    if (*entry == 0 || *entry == '#' || (separator == 0 && !strchr(entry, '='))) continue;
    if (!is_variable(entry) || pam_putenv(handle, entry) != PAM_SUCCESS) pam_syslog(handle, LOG_WARNING, "an entry of %s was left out", path);
  }
  free(entry);
  fclose(file);
  return PAM_SUCCESS;
}

int pam_sm_close_session(pam_handle_t *handle, int flags, int argc, const char **argv) {
  (void)handle, (void)flags, (void)argc, (void)argv;
  return PAM_SUCCESS;
}
