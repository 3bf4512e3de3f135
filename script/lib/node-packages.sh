# The npm packages of package-lock.json, among them the Node that everything else runs on.

# Whether every package of package-lock.json has its folder, but for those of other systems.
has_node_packages() {
  local folder
  while IFS= read -r folder; do
    if [ ! -e "$folder/package.json" ]; then return 1; fi
  done < <(awk -F '"' '/^    "node_modules\// { folder = $2 } /"optional": true/ { folder = "" } /^    }/ { if (folder != "") print folder; folder = "" }' package-lock.json)
}

install_node_packages() {
  local stamp=node_modules/.berth-installed wanted
  if ! PATH=$machine_path command -v npm >/dev/null; then
    say 'npm is missing. Install Node.js 20 or later (https://nodejs.org) and run this again.'
    return 1
  fi
  wanted=$(cksum <package-lock.json)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -x node_modules/.bin/node ] && has_node_packages; then return; fi
  # Without npm's own notes it looks for what is really there.
  rm -f node_modules/.package-lock.json
  say 'Installing npm packages…'
  # Not `npm ci`: it refuses a lock file that does not list the builds for every other system, and not every registry has
  # them. This keeps to the lock file too, and leaves it as it is.
  quietly 'npm install' env PATH="$machine_path" npm install --no-save --no-audit --no-fund --loglevel=error || return 1
  if [ ! -x node_modules/.bin/node ]; then
    say 'npm did not install the Node of this project (node_modules/.bin/node is missing): are install scripts switched off?'
    return 1
  fi
  cksum <package-lock.json >"$stamp"
}
