# shellcheck shell=bash
# Sourced by the scripts: the project's folder, the toolchain, one line a step.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# step TEXT: one line with the seconds since the script began.
step() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

# refuse CODE TEXT...: says why on standard error and ends the script. Codes: 2 input, 4 unavailable, as the programs' own.
refuse() {
    local code=$1
    shift
    printf '%s\n' "$@" >&2
    exit "$code"
}

# Puts swiftly's toolchain on the path when the shell that started us did not know it yet.
find_swift() {
    if command -v swift >/dev/null 2>&1; then return 0; fi
    local environment="${SWIFTLY_HOME_DIR:-$HOME/.local/share/swiftly}/env.sh"
    if [ -f "$environment" ]; then
        # shellcheck disable=SC1090
        . "$environment"
    fi
    command -v swift >/dev/null 2>&1
}

# stop_process PID: asks it to end, waits up to ten seconds, then ends it. Quiet when it is gone already.
stop_process() {
    local process=$1 tenths=0
    kill -TERM "$process" 2>/dev/null || return 0
    while kill -0 "$process" 2>/dev/null; do
        if [ "$tenths" -ge 100 ]; then
            kill -KILL "$process" 2>/dev/null || true
            break
        fi
        tenths=$((tenths + 1))
        sleep 0.1
    done
    wait "$process" 2>/dev/null || true
}

# own_warnings LOG: the warnings of a build about this package, not about others'; fails when there are any.
own_warnings() {
    local identity
    identity=$(basename "$root" | tr '[:upper:]' '[:lower:]')
    ! grep -E "^($root/(Sources|Tests|Package.swift)[^:]*:[0-9]+:[0-9]+: warning:|warning: '$identity':)" "$1" | sort -u | grep .
}
