# The image workspaces start from: the local one, else the published one, else built from resources/workspace-image,
# and where no base image can be pulled, on a base made with debootstrap.

bootstrap_release=trixie
bootstrap_reference=berth-bootstrap:$bootstrap_release

# ensure_workspace_image base|full: what Berth itself needs, which the tests use, or ready for work.
ensure_workspace_image() {
  local status=0
  prepare_image --size "$1" || status=$?
  # 3: no base image could be pulled.
  if [ $status -ne 3 ]; then return $status; fi
  bootstrap_base || return 1
  prepare_image --size "$1" --base "$bootstrap_reference"
}

prepare_image() {
  if [ "$2" = base ]; then
    BERTH_IMAGE_TAG=${BERTH_IMAGE_TAG:-berth-base:latest} node out/main/prepare-image.js "$@" >&2
  else
    node out/main/prepare-image.js "$@" >&2
  fi
}

bootstrap_base() {
  local directory status=0
  if engine_request has "$bootstrap_reference"; then return; fi
  if ! command -v debootstrap >/dev/null; then
    need_system_package debootstrap 'No base image could be pulled, and making one takes debootstrap.' || return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    say 'No base image could be pulled, and only root can make one.'
    return 1
  fi
  say 'No base image could be pulled: making one with debootstrap (about a minute)…'
  directory=$(mktemp -d)
  quietly debootstrap debootstrap --variant=minbase "$bootstrap_release" "$directory/root" || status=1
  if [ $status -eq 0 ]; then
    slim_down "$directory/root"
    tar -C "$directory/root" --numeric-owner -c . | engine_request import "${bootstrap_reference%:*}" "${bootstrap_reference#*:}" || status=1
  fi
  rm -rf "$directory"
  return $status
}

# What Debian's slim images leave out too.
slim_down() {
  rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/* "$1"/usr/share/man/* "$1"/usr/share/info/* "$1"/usr/share/locale/*
  find "$1/usr/share/doc" -type f ! -name copyright -delete
}
