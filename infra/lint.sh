#!/usr/bin/env bash
# Lints what is deployed with cfn-lint and checkov, both from PyPI, each in a virtual environment of its own: the packaged
# template of the hub, the member account's template, and the Terraform modules.
#   bash infra/lint.sh
# What is exempt, and why: infra/lint/cfnlintrc.yml and infra/lint/checkov.yml.
# https://github.com/aws-cloudformation/cfn-lint, https://www.checkov.io/
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cfn_lint='1.58.0'
checkov='3.3.30'
cache=node_modules/.cache/netpol-warden

# install TOOL VERSION: the mark comes last, so that an installation that was broken off is not taken for a whole one.
install() {
  local venv="$cache/$1"
  [[ "$(cat "$venv/installed" 2>/dev/null)" != "$2" ]] || return 0
  rm -rf "$venv"
  mkdir -p "$cache"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$1==$2" >&2
  echo "$2" >"$venv/installed"
}
install cfn-lint "$cfn_lint"
install checkov "$checkov"

templates="$cache/templates"
rm -rf "$templates"
npx node infra/validate.ts "$templates"
cp infra/spoke/member-account.yml "$templates/"

"$cache/cfn-lint/bin/cfn-lint" --config-file infra/lint/cfnlintrc.yml --regions eu-west-1 -- "$templates"/*
# checkov says where it looked by a path relative to here, and finds nothing to do in a file it cannot parse: it has to be
# told that this is a failure.
"$cache/checkov/bin/checkov" --config-file infra/lint/checkov.yml --framework cloudformation --directory "$templates"
terraform=$("$cache/checkov/bin/checkov" --config-file infra/lint/checkov.yml --framework terraform \
  --directory infra/terraform 2>&1) || { printf '%s\n' "$terraform"; exit 1; }
printf '%s\n' "$terraform"
if grep -qi 'parsing errors: [1-9]\|failed to parse' <<<"$terraform"; then exit 1; fi
