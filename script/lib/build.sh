# The built program in out/, made again when a source is newer.

build_program() {
  local stamp=out/.built begun=out/.building
  if [ -e $stamp ] && [ -e out/main/cli.js ] &&
    [ -z "$(find src package.json package-lock.json tsconfig.json electron.vite.config.ts vite.cli.config.ts -newer $stamp -print | head -n 1)" ]; then
    return
  fi
  say 'Building…'
  mkdir -p out
  # A source saved during the build is newer than this.
  : >$begun
  quietly 'The build' npm run --silent build || return 1
  mv $begun $stamp
}
