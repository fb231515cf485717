# workflows/demo/stage.sh — sourced by run: the folder, the daemon, and how a step is told, shown
# and checked. Every process is ended by its own id.

# The password of every demo account; it protects nothing but a daemon that dies with the demo.
DEMO_PASSWORD=fengqiao-demo-2026

fengqiaod_pid=
shell_pid=
work=
port=0

# --- words ------------------------------------------------------------------------------------

# words ZH EN: the one in the language chosen.
words() {
    if [ "$lang" = en ]; then
        printf '%s' "$2"
    else
        printf '%s' "$1"
    fi
}

tell() {
    printf '%s\n' "$(words "$1" "$2")"
}

paint() { # CODE TEXT: coloured on a terminal
    if [ "$batch" = no ] && [ -z "${NO_COLOR:-}" ]; then
        printf '\033[%sm%s\033[0m\n' "$1" "$2"
    else
        printf '%s\n' "$2"
    fi
}

fail() {
    paint '1;31' "✗ $1" >&2
    if [ -n "$work" ] && [ -s "$work/daemon.log" ]; then
        tail -n 5 "$work/daemon.log" >&2
    fi
    exit 1
}

# --- the folder and the daemon ----------------------------------------------------------------

end_process() { # PID: asks, waits for ten seconds, then insists
    kill "$1" 2>/dev/null || return 0
    tries=0
    while kill -0 "$1" 2>/dev/null && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

stage_close() {
    status=$?
    trap - EXIT
    trap '' INT TERM HUP
    [ -z "$shell_pid" ] || end_process "$shell_pid"
    [ -z "$fengqiaod_pid" ] || end_process "$fengqiaod_pid"
    if [ -n "$work" ] && [ -z "$keep" ]; then
        rm -rf "$work"
    fi
    exit "$status"
}

# Built with pangocairo?
papers() {
    [ -e "$build/plugins/documents.so" ]
}

# The folder looks like an installation: configuration, workflows, plugins, then the database.
stage_open() {
    trap stage_close EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    if [ -n "$keep" ]; then
        mkdir -p "$keep"
        [ -z "$(ls -A "$keep")" ] || fail "$(words "目录不是空的：$keep" "not empty: $keep")"
        work=$(cd "$keep" && pwd)
    else
        work=$(mktemp -d "${TMPDIR:-/tmp}/fengqiao-demo.XXXXXX")
    fi
    cp "$here/fengqiao.conf.lua" "$work/"
    papers || sed -i '/documents\.so/d' "$work/fengqiao.conf.lua"
    ln -s "$root/workflows" "$work/workflows"
    ln -s "$build/plugins" "$work/plugins"
    mkdir "$work/notices" "$work/people"
    printf '%s\n' "$DEMO_PASSWORD" >"$work/password"
    fengqiaod=$build/core/server/fengqiaod
    fengqiao=$build/core/client/fengqiao
    [ -x "$fengqiaod" ] && [ -x "$fengqiao" ] || fail "$(words "没有编译好：$build" "not built: $build")"
    # Names of the caller's own set-up must reach neither program.
    unset FENGQIAO_SERVER FENGQIAO_PASSWORD FENGQIAO_CONFIG
    FENGQIAO_LANG=$lang
    export FENGQIAO_LANG
    if [ "$batch" = yes ]; then
        COLUMNS=80
        export COLUMNS
    fi
    tell "[3/4] 起试用服务器（内嵌 SQLite，虚拟时钟；仅供试用，不可用于正式办案）" \
        "[3/4] A trial server (embedded SQLite, virtual clock; not for real cases)"
    daemon_start
    tell "      127.0.0.1:$port" "      127.0.0.1:$port"
}

log_since() { # BYTES: what the daemon has said after so many bytes
    tail -c "+$(($1 + 1))" "$work/daemon.log"
}

# Starts it and waits until it answers; the port of the first time is kept.
daemon_start() {
    touch "$work/daemon.log"
    said=$(wc -c <"$work/daemon.log")
    (cd "$work" && exec "$fengqiaod" --listen.tcp="127.0.0.1:$port" fengqiao.conf.lua) \
        </dev/null >>"$work/daemon.log" 2>&1 &
    fengqiaod_pid=$!
    tries=0
    until log_since "$said" | grep -q ' ready '; do
        kill -0 "$fengqiaod_pid" 2>/dev/null || fail "$(words "服务器没有起来" "the server did not start")"
        [ "$tries" -lt 600 ] || fail "$(words "服务器一分钟没有就绪" "the server was not ready in a minute")"
        sleep 0.1
        tries=$((tries + 1))
    done
    port=$(log_since "$said" | sed -n 's/.*listening tcp=.* port=\([0-9]*\).*/\1/p')
    FENGQIAO_SERVER=127.0.0.1:$port
    export FENGQIAO_SERVER
}

# --- people and their commands ----------------------------------------------------------------

# as USER COMMAND…: the client as that person; each has a computer (a folder) of their own.
as() {
    home=$work/people/$1
    shift
    (cd "$work" && XDG_CONFIG_HOME=$home XDG_STATE_HOME=$home XDG_DATA_HOME=$home \
        exec "$fengqiao" "$@")
}

# account USER: the administrator of this machine sets the password, then the person logs in.
account() {
    (cd "$work" && "$fengqiao" --server unix:fengqiao.sock user passwd "$1" \
        --password-file password) >"$work/last" 2>&1 &&
        as "$1" login "$1" --password-file "$work/password" >"$work/last" 2>&1 ||
        fail "$(words "账号 $1 登录不了：" "account $1: ")$(cat "$work/last")"
}

# step ZH EN: a new step; on a terminal the last one waits until it was read.
step() {
    if [ "${steps:-0}" -gt 0 ]; then
        pause
    fi
    steps=$((${steps:-0} + 1))
    printf '\n'
    paint '1;36' "── $steps · $(words "$1" "$2")"
}

pause() {
    [ "$batch" = no ] || return 0
    printf '%s' "$(words "   回车继续，q 离开 " "   Enter goes on, q leaves ")"
    read -r answer || exit 0
    case $answer in
    q | Q) exit 0 ;;
    esac
}

# show CODE USER WORD…: prints the command as the person types it and runs it; it must end with
# CODE. A lone + only breaks the printed line.
show() {
    wanted=$1
    user=$2
    shift 2
    line="$user\$ fengqiao"
    for word; do
        shift
        if [ "$word" = + ]; then
            line="$line \\
    "
            continue
        fi
        line="$line $word"
        set -- "$@" "$word"
    done
    paint '1' "$line"
    code=0
    as "$user" "$@" 2>&1 || code=$?
    [ "$code" -eq "$wanted" ] ||
        fail "$(words "这条命令应以 $wanted 结束，却是 $code" "expected exit code $wanted, got $code")"
}

# facts USER WORD…: the same data as JSON, on one line without blanks.
facts() {
    as "$@" >"$work/facts" || fail "$(words "核对时查询失败：$*" "a check could not ask: $*")"
    tr -d ' \n' <"$work/facts"
}

# effect ZH EN JSON PART…: the step had its effect when every part stands in the JSON.
effect() {
    claim=$(words "$1" "$2")
    json=$3
    shift 3
    for part; do
        case $json in
        *"$part"*) ;;
        *) fail "$(words "没有见效：$claim（缺 $part）" "no effect: $claim (missing $part)")" ;;
        esac
    done
    paint '32' "   ✓ $(words "已核对：" "checked: ")$claim"
}
