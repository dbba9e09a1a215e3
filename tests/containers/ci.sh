#!/usr/bin/env bash
# Runs `make test-containers` where CI is set, as root on Debian: installs an engine if there is none, starts it, and
# removes what it started. A run that is required fails if no test runs: make, pytest and this script then exit with 1.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
    echo "tests in containers: skipped, since $1"
    exit 0
}
[ -n "${CI:-}" ] || skip "CI is not set; \`make test-containers\` runs them on an engine of your own"
[ "$(id -u)" = 0 ] || skip "this is not root, so that no engine can be started"
grep -qs '^ID=debian' /etc/os-release || skip "this is not Debian, so that it is not known how to install an engine"

answers() { timeout 20 docker info >/dev/null 2>&1; }

install_engine() {
    local missing=()
    command -v dockerd >/dev/null || missing+=(docker.io)
    command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
    command -v debootstrap >/dev/null || missing+=(debootstrap)
    [ ${#missing[@]} = 0 ] && return
    echo "== installing ${missing[*]}"
    # Installed services are not started: this script starts the engine, where it can also be removed.
    local apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 RUNLEVEL=1 timeout 600 apt-get
        -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 -qq)
    for attempt in 1 2 3; do
        if "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" iptables; then
            return
        fi
        echo "== attempt $attempt to install failed"
    done
    return 1
}

remove_engine() {
    local code=$?
    trap - EXIT INT TERM
    if [ -n "${engine:-}" ]; then
        if answers; then
            timeout 60 docker ps --all --quiet | xargs --no-run-if-empty timeout 60 docker rm --force --volumes >/dev/null || true
            timeout 60 docker network prune --force >/dev/null 2>&1 || true
        fi
        kill "$engine" 2>/dev/null || true
        for _ in $(seq 100); do
            kill -0 "$engine" 2>/dev/null || break
            sleep 0.2
        done
        kill -9 "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
        # A killed engine leaves mounts, and deleting the folder would delete what is mounted there.
        grep -o " $folder/[^ ]*" /proc/mounts | sort -r | xargs --no-run-if-empty umount --lazy || true
        [ -z "${bridge:-}" ] || ip link delete docker0 2>/dev/null || true
        [ ! -s "$folder/iptables" ] || iptables-restore <"$folder/iptables" 2>/dev/null || true
    fi
    rm -rf "$folder"
    exit "$code"
}

folder=$(mktemp -d /tmp/dateline-engine-XXXXXX)
trap remove_engine EXIT
trap 'exit 130' INT TERM
install_engine
if answers; then
    echo "== an engine answers already"
else
    echo "== starting an engine in $folder"
    [ -e /sys/class/net/docker0 ] || bridge=new
    iptables-save >"$folder/iptables" 2>/dev/null || true
    export DOCKER_HOST=unix://$folder/docker.sock
    dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" \
        --host "$DOCKER_HOST" >"$folder/dockerd.log" 2>&1 &
    engine=$!
    for _ in $(seq 120); do
        answers && break
        kill -0 "$engine" 2>/dev/null || break
        sleep 0.5
    done
    answers || {
        echo "the engine does not start:"
        tail -20 "$folder/dockerd.log"
        exit 1
    }
fi
timeout --foreground --kill-after=60 2400 make test-containers
