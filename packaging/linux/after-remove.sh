#!/bin/sh
# After the package is removed: $1 is remove, purge or upgrade (deb), or how many versions remain (rpm). Names in braces are filled in.
set -e

case ${1:-} in
  remove | purge | 0)
    if [ -n '${executable}' ]; then
      rm -f '/usr/bin/${executable}'
      if [ -e '/etc/apparmor.d/${executable}' ]; then
        if ! { [ -x /usr/bin/ischroot ] && ischroot; } && command -v apparmor_parser >/dev/null; then
          apparmor_parser --remove '/etc/apparmor.d/${executable}' 2>/dev/null || true
        fi
        rm -f '/etc/apparmor.d/${executable}'
      fi
      if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
      if command -v update-desktop-database >/dev/null; then update-desktop-database /usr/share/applications || true; fi
    fi
    ;;
esac

case ${1:-} in
  remove | 0)
    cat <<'END'
Berth is removed. Your workspaces are not: their containers and volumes stay on the Docker engine, and settings and records in ~/.config/berth.
  see them:     docker ps --all --filter label=dev.berth.id; docker volume ls --filter label=dev.berth.id
  delete them:  install Berth again and run “berth delete NAME”, or “docker rm --force CONTAINER” and “docker volume rm VOLUME”
END
    ;;
  purge)
    echo 'Workspaces stay: “docker volume ls --filter label=dev.berth.id” lists their volumes. Settings and records stay in ~/.config/berth.'
    ;;
esac
