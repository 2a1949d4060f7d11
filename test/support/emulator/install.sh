#!/usr/bin/env bash
# Installs moto's server, an emulator of AWS, into a virtual environment of its own and prints the path of the program:
#   MOTO_SERVER="$(bash test/support/emulator/install.sh)" npx vitest run --config vitest.integration.config.ts
# https://docs.getmoto.org/en/latest/docs/server_mode.html
set -euo pipefail

version='5.2.5'
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
venv="${root}/node_modules/.cache/moto-${version}"

# The mark comes last: an installation that was broken off is not taken for a whole one.
if [[ ! -e "${venv}/installed" ]]; then
  rm -rf "${venv}"
  python3 -m venv "${venv}"
  "${venv}/bin/pip" install --quiet --disable-pip-version-check "moto[server]==${version}" >&2
  touch "${venv}/installed"
fi
echo "${venv}/bin/moto_server"
