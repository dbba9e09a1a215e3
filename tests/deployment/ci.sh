#!/usr/bin/env bash
# Runs `make test-deployment`. Where CI is set, as root on Debian, it installs promtool first, and builds kube-score if there
# is a Go toolchain; elsewhere the tests of a tool that is not installed are skipped.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then
    if ! command -v promtool >/dev/null; then
        echo "== installing prometheus, for promtool"
        # An installed service is not started.
        env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 bash -c '
            apt-get -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -qq update
            apt-get -o DPkg::Lock::Timeout=300 -qq install --yes --no-install-recommends prometheus' >/dev/null
    fi
    export DATELINE_REQUIRED_TOOLS=promtool
    if command -v go >/dev/null && [ ! -x build/tools/kube-score ]; then
        echo "== building kube-score"
        GOBIN="$PWD/build/tools" timeout 600 go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0 ||
            echo "kube-score cannot be built here; its test is skipped"
    fi
fi
make test-deployment
