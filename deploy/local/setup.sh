#!/bin/sh
# Makes this machine ready for the Makefile's targets, from the repository's folder:
#   setup.sh venv EXTRAS   .venv with the package and these extras (demo, or demo,test)
#   setup.sh kernels       the machine code of the kernels, in .venv, where it is not there or they have changed
#   setup.sh servers       what runs Kafka and Redis: a container engine, else redis-server, Java 17+ and Maven
# What is missing is installed with apt-get where there is one and root or sudo to use it, and is named first.
set -eu

fail() {
    echo "$1" >&2
    exit 1
}

found() { command -v "$1" >/dev/null 2>&1; }

install() {
    found apt-get || fail "Missing here, and to be installed with this system's package manager: $*"
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        found sudo || fail "Missing here; as root: apt-get install $*"
        as_root="sudo"
    fi
    echo "Installing with apt-get: $*"
    # One at a time, for the environment and the servers are made ready side by side; and without the lock
    # in hand, for a service that the package starts would hold it on.
    mkdir -p .cache
    alone="flock --close .cache/apt-get.lock"
    said=$(
        {
            $as_root $alone apt-get update -qq &&
                $as_root env DEBIAN_FRONTEND=noninteractive \
                    $alone apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"
        } 2>&1
    ) || fail "apt-get could not install $*: $said"
}

# The first Python that is new enough; PYTHON=... says which to take.
python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

venv() {
    [ -n "$(python)" ] || install python3 python3-venv
    python=$(python)
    [ -n "$python" ] || fail "Python 3.11 or newer is needed; PYTHON=/path/to/it says where it is."
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    echo "Installing the package into .venv, with the extras $1: half a minute or more"
    # pip's script is written last: where making the environment was interrupted, it is not there.
    .venv/bin/pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
    said=$(.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$1]" 2>&1) ||
        fail "pip could not install the package: $(echo "$said" | sed -n 's/^ *ERROR: //p' | tail -1)
The first of these shows why: .venv/bin/python -m pip install --editable '.[$1]'"
}

kernels() {
    echo "Compiling the kernels into .venv, unless they are there: one to two minutes, once"
    .venv/bin/python -m detector.stages.kernels
}

has_java() {
    major=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    [ "${major:-0}" -ge 17 ]
}

servers() {
    if docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
        return
    fi
    missing=""
    found redis-server || missing="$missing redis-server"
    has_java || missing="$missing default-jre-headless"
    found mvn || missing="$missing maven"
    found ps || missing="$missing procps"
    # Unquoted on purpose: one word a package.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install $missing
    has_java || fail "Kafka needs Java 17 or newer, and this system's default is older: install a newer JRE."
}

"$@"
