#!/bin/sh
# After the package with the desktop app is installed or upgraded. electron-builder and script/package fill in the names in braces.
set -e
app='/opt/${sanitizedProductName}'
executable='${executable}'

ln -sf "$app/$executable" "/usr/bin/$executable"

# Chromium's sandbox needs user namespaces, or a program of root's.
if unshare --user true 2>/dev/null; then
  chmod 0755 "$app/chrome-sandbox" 2>/dev/null || true
else
  chmod 4755 "$app/chrome-sandbox" 2>/dev/null || true
fi

# Ubuntu 24.04 and later allow user namespaces only to programs with a profile. Older AppArmor does not know the profile's form, and does not need it.
profile="$app/resources/apparmor-profile"
if [ -e "$profile" ] && command -v apparmor_status >/dev/null && apparmor_status --enabled 2>/dev/null &&
  apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
  cp -f "$profile" "/etc/apparmor.d/$executable"
  if ! { [ -x /usr/bin/ischroot ] && ischroot; }; then
    apparmor_parser --replace --write-cache --skip-read-cache "/etc/apparmor.d/$executable" || true
  fi
fi

if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache --quiet --force /usr/share/icons/hicolor || true; fi
