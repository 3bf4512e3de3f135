# The browser of the tests in e2e/ and of benchmarks of the page.

# ensure_browser WHY: fails with what to do where it cannot be installed.
ensure_browser() {
  local path package=chromium
  for path in "${BERTH_CHROMIUM:-}" /usr/bin/chromium-headless-shell /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    if [ -n "$path" ] && [ -x "$path" ]; then return; fi
  done
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then package=chromium-headless-shell; fi
  need_system_package "$package" "$1"
}
