# Debian's and Ubuntu's packages, where the scripts may install some.

can_install_system_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Two runs at once wait for each other instead of failing.
install_system_packages() {
  export DEBIAN_FRONTEND=noninteractive
  say "Installing $*…"
  quietly 'apt-get update' apt-get -o DPkg::Lock::Timeout=300 update -qq || return 1
  quietly "Installing $*" apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@"
}

# need_system_package PACKAGE WHY: asks, installs; fails with what to do.
need_system_package() {
  if can_install_system_packages && ask "$2 Install $1 with apt-get?"; then
    install_system_packages "$1"
  elif can_install_system_packages; then
    say "$2 Install it with: apt-get install $1 (or run this again with --yes)."
    return 1
  else
    say "$2 Install $1 with your system's package manager, then run this again."
    return 1
  fi
}
