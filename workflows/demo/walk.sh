# workflows/demo/walk.sh — sourced by run: the three chapters in order, then figures and a shell. What
# each step must have brought about is asked from the server as JSON; the first that did not ends it.
#
# 羊路井村 is a village of 巴音陶亥镇 in 海南区 of 乌海市. Nobody here is real.

admin=wuhai.admin01        # 系统管理员: may move the virtual clock

# A desk in three colours for the shell: received today, 12 and 20 days ago.
fill_the_desk() {
    now=$(facts "$clerk" clock --json)
    now=${now#*\"now\":\"}
    today=${now%%T*}
    for row in "0 路灯不亮 村口路灯坏了两个月，请求修复。" \
        "12 低保未批 申请低保三个月没有答复，请求核实。" \
        "20 水渠漏水 村东水渠漏水淹地，请求维修。"; do
        # shellcheck disable=SC2086 # three words are meant
        set -- $row
        as "$clerk" case open --flow petition --place 羊路井村 --from 来访 \
            --received "$(date -d "$today -$1 days" +%F)T09:00" "subject=$2" "text=$3" \
            >"$work/last" 2>&1 || fail "$(cat "$work/last")"
    done
}

figures() {
    step "报表总览" "The figures"
    tell "另登记3件供练习。报表由办理记录算出，登记了才计，超期不能抹去。" \
        "Three more petitions wait for practice. Figures come from the histories."
    fill_the_desk
    show 0 "$admin" report overview
    effect "共8件，已结4件，办理超期1件" "eight cases, four closed, one handled late" \
        "$(facts "$admin" report overview --json)" '"total":8' '"closed":4' '"met_late":1'
    effect "村登记员的待办有3件" "three petitions are on the clerk's desk" \
        "$(facts "$clerk" inbox --json)" 路灯不亮 低保未批 水渠漏水
}

chapter() {
    printf '\n'
    paint '1;35' "━━ $(words "$1" "$2")"
}

walk() {
    tell "[4/4] 乌海市组织、演示账号（口令 $DEMO_PASSWORD，只在这里有用）" \
        "[4/4] Wuhai's organisation; accounts with password $DEMO_PASSWORD"
    account "$admin"
    chapter "一、信访：登记、转送、超期、督办、答复" "1. A petition"
    walk_petition
    chapter "二、欠薪：村、镇、区联调，法院确认，回访" "2. Wages: three tracks linked"
    walk_wages
    chapter "三、土地承包：断线续办，转仲裁" "3. A land contract: off-line, to arbitration"
    walk_land
    figures
    printf '\n'
}

# The shell runs beside us and is waited for, so that a signal to us ends it too. Background
# programs begin with Ctrl-C ignored; env gives it back.
leave_in_shell() {
    pause
    printf '\n'
    tell "现在交给您：您是羊路井村登记员（$clerk）。试试：" \
        "Your turn: you are the clerk of the village ($clerk). Try:"
    cat <<TEXT
  inbox                       $(words "待办：三件，三种颜色" "your desk: three petitions, three colours")
  case show 26-0004           $(words "看一件；case why 26-0004 问为何" "one of them; case why asks why")
  case act 羊村26-0002 上送信访局  $(words "由区信访局转送" "the district's bureau forwards it")
  login hainan.xfj02          $(words "换成区信访局：转送" "become the bureau in the district: forward")
  case search 边界            $(words "查找" "search")
  desk                        $(words "全屏工作台（F10 离开）" "the full-screen desk (F10 leaves)")
  help · exit                 $(words "帮助 · 离开（服务器与数据一并清除）" "help · leave (server and data go too)")
TEXT
    tell "账号（口令 $DEMO_PASSWORD）：" "Accounts (password $DEMO_PASSWORD):"
    cat <<TEXT
  $clerk  $mediator  $town
  $handler  $district  $city
  $admin   $(words "（可以拨时钟：clock 10d）" "(may move the clock: clock 10d)")
TEXT
    home=$work/people/$clerk
    exec 3<&0 # a background program would read from nowhere
    trap : INT
    XDG_CONFIG_HOME=$home XDG_STATE_HOME=$home XDG_DATA_HOME=$home \
        env --default-signal=INT "$fengqiao" shell <&3 3<&- &
    shell_pid=$!
    while kill -0 "$shell_pid" 2>/dev/null; do
        wait "$shell_pid" || true
    done
    shell_pid=
}
