# tests/packages.sh — sourced by tests/run and workflows/demo/run: installs what is missing.
#
# Only Debian's archive is needed to build, run the demo and pass the tests. The npm packages are for
# the interoperability tests; without them those tests are skipped and say so.

BUILD_PACKAGES="gcc libc6-dev cmake make pkg-config gettext uthash-dev libuv1-dev liblua5.4-dev \
libsqlite3-dev libjansson-dev libssl-dev libcrypt-dev libreadline-dev libncurses-dev zlib1g-dev \
libcurl4-openssl-dev libpango1.0-dev"
TEST_PACKAGES="libcmocka-dev python3 tmux python3-aiorpcx netcat-openbsd poppler-utils \
fonts-noto-cjk"
NPM_PACKAGES="jayson@5 jayson4@npm:jayson@4 json-rpc-2.0@1 chinese-days@1.5.7 holiday-calendar@1.3.3"

say() {
    printf '%s\n' "$*" >&2
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

missing_packages() {
    for package in "$@"; do
        status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
        case $status in
        "install ok installed"*) ;; # once for each architecture
        *) printf '%s ' "$package" ;;
        esac
    done
}

# install_packages NAME...: only those that are missing; asks the archive only then.
install_packages() {
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        say "缺少软件包，安装需要 root 权限或 sudo。请管理员执行："
        say "(packages are missing; root or sudo is needed to install them. Ask an administrator for:)"
        say "    apt-get install --no-install-recommends $missing"
        return 1
    fi
    say "安装软件包 (installing): $missing"
    log=$(mktemp)
    # shellcheck disable=SC2086 # a list of words is meant
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >"$log" 2>&1 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
            -o DPkg::Lock::Timeout=300 $missing >>"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    # A source that does not answer is a warning (W) for apt, and the cause of the errors after it.
    grep -E '^(W|E):' "$log" | head -n 12 >&2
    grep -q -E '^E:' "$log" || tail -n 12 "$log" >&2
    rm -f "$log"
    say "软件包没有装上；请检查网络和软件源（/etc/apt/sources.list）后重试。"
    say "(packages were not installed: check network and package sources, then run again)"
    return 1
}

# name_missing NAME...: for people who install nothing, what a failure may come from.
name_missing() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    missing=$(missing_packages "$@")
    [ -z "$missing" ] || say "没有安装的软件包 (packages that are not installed): $missing"
}

# install_npm FOLDER: the npm packages of the interoperability tests; failing is not fatal. Nothing of
# it stays outside the folder, and a registry that does not answer holds nobody up for long.
install_npm() {
    command -v npm >/dev/null 2>&1 || return 0
    [ -d "$1/node_modules/jayson" ] && return 0
    mkdir -p "$1"
    # shellcheck disable=SC2086
    timeout 120 npm install --prefix "$1" --cache "$1/cache" --no-audit --no-fund --ignore-scripts \
        --no-update-notifier --loglevel=error $NPM_PACKAGES >/dev/null 2>&1 ||
        say "npm 软件包没有装上，相关互通测试将跳过。(npm packages missing: their tests will be skipped)"
}

# build_tree SOURCE BUILD [cmake options]: configures and builds with both cores (BUILD_TARGET only,
# if set).
build_tree() {
    source_dir=$1
    build_dir=$2
    shift 2
    mkdir -p "$build_dir"
    if cmake -S "$source_dir" -B "$build_dir" "$@" >"$build_dir/configure.log" 2>&1; then
        if cmake --build "$build_dir" -j "$(nproc)" ${BUILD_TARGET:+--target "$BUILD_TARGET"} >"$build_dir/build.log" 2>&1; then
            return 0
        fi
        grep -E -A 3 'error|undefined' "$build_dir/build.log" | head -n 40 >&2
    else
        tail -n 20 "$build_dir/configure.log" >&2
    fi
    say "编译失败，完整记录在 $build_dir 下的 *.log。(the build failed; see the logs there)"
    return 1
}
