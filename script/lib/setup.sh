# All that a checkout needs before it runs.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
cd "$root"
# The Node and npm of the machine install the project's; they must not be replaced while they run.
machine_path=$PATH
export PATH="$root/node_modules/.bin:$PATH"
for part in say system-packages browser node-packages engine build workspace-image; do
  # shellcheck source=/dev/null
  . "script/lib/$part.sh"
done

# set_up SIZE…: sizes of the workspace image.
set_up() {
  local packages size status=0
  agree_on_engine || return 1
  # Side by side: each mostly waits for the network.
  install_node_packages &
  packages=$!
  ensure_engine || status=1
  wait "$packages" || status=1
  if [ $status -ne 0 ]; then return 1; fi
  build_program || return 1
  for size in "$@"; do ensure_workspace_image "$size" || return 1; done
}
