# In a Debian with Berth and systemd, which nobody has started: has a service manager of a user started, and does with the service of Berth what people do.
set -euo pipefail

# A control group of its own, beside which the manager sees none.
groups=/sys/fs/cgroup/unified
if [ ! -d $groups ]; then groups=/sys/fs/cgroup; fi
if [ -z "${BERTH_TEST_GROUP:-}" ]; then
  export BERTH_TEST_GROUP=$groups/berth-service-$$
  mkdir "$BERTH_TEST_GROUP"
  status=0
  bash -ec 'echo $$ >"$BERTH_TEST_GROUP/cgroup.procs"; exec unshare --mount --propagation unchanged --cgroup bash "$0"' "$0" || status=$?
  find "$BERTH_TEST_GROUP" -depth -type d -exec rmdir {} \;
  exit $status
fi
umount --recursive /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup

export XDG_RUNTIME_DIR=/run/user/0
# By the second it thinks that systemd has started the system.
mkdir -p /run/user/0 /run/systemd/system
/usr/lib/systemd/systemd --user >/run/systemd.log 2>&1 &
manager=$!
trap 'kill -TERM $manager; wait $manager || true; rm -rf /run/systemd /run/user' EXIT
until systemctl --user show-environment >/dev/null 2>&1; do
  kill -0 $manager
  sleep 0.2
done

process_of_berth() { berth --no-autostart info --json 2>/dev/null | sed -n 's/^ *"pid": \([0-9]*\),/\1/p' || true; }

# Waits for a Berth whose process is not $1.
await_berth() {
  for _ in $(seq 100); do
    now=$(process_of_berth)
    if [ -n "$now" ] && [ "$now" != "$1" ]; then return; fi
    sleep 0.2
  done
  echo 'No Berth answers.'
  systemctl --user status berth || true
  return 1
}

berth quit
berth service install 2>&1
await_berth ''
first=$now
echo "status: $(berth service status | head -n 1)"
kill -KILL "$first"
await_berth "$first"
echo 'restarted: yes'
berth quit
echo "after quit: $(systemctl --user is-active berth || true)"
systemctl --user start berth
await_berth ''
echo "started: $(systemctl --user is-active berth)"
berth service uninstall 2>&1
echo "left: $(find ~/.config/systemd/user ! -type d)"
berth --no-autostart list 2>&1 || true
cat /run/systemd.log
