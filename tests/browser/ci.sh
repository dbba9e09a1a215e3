#!/usr/bin/env bash
# Runs `make test-browser`. Where CI is set, as root on Debian, it installs Chromium first; elsewhere the tests are skipped
# if no browser is installed. A run in CI fails if no test runs.
set -euo pipefail
cd "$(dirname "$0")/../.."

found() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then
    apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 RUNLEVEL=1 timeout 600 apt-get
        -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -qq)
    for attempt in 1 2 3; do
        found && break
        echo "== installing chromium, attempt $attempt"
        "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends chromium fonts-dejavu-core >/dev/null || true
    done
    export DATELINE_REQUIRED_BROWSER=1
fi
timeout --foreground --kill-after=60 2400 make test-browser
