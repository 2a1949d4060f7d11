#!/usr/bin/env bash
# Installs the emulators of AWS that the integration tests run against, each into a virtual environment of its own, and
# prints the path of moto's server; MiniStack's is where ministack.ts looks for it.
#   MOTO_SERVER="$(bash test/support/emulator/install.sh)" npx vitest run --config vitest.integration.config.ts
# moto: https://docs.getmoto.org/en/latest/docs/server_mode.html
set -euo pipefail

moto='5.2.5'
ministack='1.5.33'
cache="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/node_modules/.cache"

# install DIRECTORY REQUIREMENT: the mark comes last, so that an installation that was broken off is not taken for a
# whole one, and names what it is of, so that another version replaces it.
install() {
  [[ "$(cat "$1/installed" 2>/dev/null)" != "$2" ]] || return 0
  rm -rf "$1"
  mkdir -p "$(dirname "$1")"
  python3 -m venv "$1"
  "$1/bin/pip" install --quiet --disable-pip-version-check "$2" >&2
  echo "$2" >"$1/installed"
}

install "${cache}/moto-${moto}" "moto[server]==${moto}"
install "${cache}/netpol-warden/ministack" "ministack==${ministack}"
echo "${cache}/moto-${moto}/bin/moto_server"
