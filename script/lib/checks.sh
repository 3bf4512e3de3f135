# The checks of the source, by name. Each is quiet when all is well.

check_names='style imports dead-code types dockerfiles references'

run_check() {
  case $1 in
    style) biome ci --colors=off --error-on-warnings --diagnostic-level=warn --max-diagnostics=200 ;;
    imports) depcruise --config .dependency-cruiser.cjs --output-type err-long $(ls -d src test e2e bench 2>/dev/null) electron.vite.config.ts ;;
    dead-code) knip --no-progress --no-config-hints ;;
    types) tsc --noEmit --pretty false ;;
    dockerfiles) node script/lib/generate-dockerfiles.mjs --check ;;
    references) node script/lib/generate-references.mjs --check ;;
  esac
}
