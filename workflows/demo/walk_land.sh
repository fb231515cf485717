# workflows/demo/walk_land.sh — sourced by run: a land contract that cannot be mediated goes sideways
# to arbitration; the line drops on the way.

land=羊调26-0002
arbitration=海土仲26-0001
arbiter=hainan.landarb01   # 立案, the district's commission for rural land

a_land_case_is_mediated() {
    step "土地承包：村里调解" "A land contract: mediated in the village"
    show 0 "$mediator" case open --flow people_mediation --place 羊路井村 + \
        --party 申请人:演示村民03 --party 对方:演示村民04 kind=山林土地 + \
        known_on=2026-08-20 subject=承包地流转纠纷 text=流转到期不退还承包地。
    show 0 "$mediator" case act "$land" 受理 + \
        consent_applicant=true consent_respondent=true
    effect "已受理" "accepted" "$(facts "$mediator" case show "$land" --json=state)" \
        '"state":"accepted"'
    step "开始调解，看一眼待办" "Mediation begins; a look at the desk"
    show 0 "$mediator" case act "$land" 开始调解
    show 0 "$mediator" inbox
    effect "调解中" "in mediation" "$(facts "$mediator" case show "$land" --json=state)" \
        '"state":"mediating"'
}

# The daemon is stopped in good order; for the client the line is dead.
the_line_drops() {
    step "线断了：先办着，记在本机" "The line drops: go on, it is kept here"
    tell "村里网断了（这里停掉服务器来模拟）。调解记录照样办，先存在本机“待发”：" \
        "The village is cut off (here: the server is stopped). The act is kept:"
    end_process "$fengqiaod_pid"
    fengqiaod_pid=
    show 75 "$mediator" case act "$land" 调解记录 consent_applicant=true + \
        consent_respondent=true chair=演示调解员01 recorder=演示记录员01 + \
        claims=一方要求退地，一方要求续约。 session_result=不成
    show 0 "$mediator" outbox list
    waiting=$(as "$mediator" outbox list --plain | grep -c "$land") || true
    [ "$waiting" -eq 1 ] || fail "$(words "待发里有 $waiting 件" "$waiting acts wait")"
    step "离线也能看；网通了再送" "Readable off-line; sent when the line is back"
    show 0 "$mediator" inbox
    daemon_start
    tell "网通了。下一条命令会先把待发的送出去，只办一次：" \
        "The line is back. What waits is sent first, and happens once:"
    show 0 "$mediator" outbox send
    effect "记录在案，一次" "recorded, once" \
        "$(facts "$mediator" case timeline "$land" --json)" '"action":"session"'
}

it_goes_to_arbitration() {
    step "调解不成：移交土地承包仲裁" "Not settled: sideways to arbitration"
    show 0 "$mediator" case act "$land" 移交土地承包仲裁 + \
        --reason 分歧过大，申请人愿意仲裁
    effect "等仲裁委签收" "to be signed for" \
        "$(facts "$mediator" case show "$land" --json=state,links)" '"state":"handing"'
    step "仲裁委签收、受理" "Signed for and accepted there"
    show 0 "$arbiter" inbox
    show 0 "$arbiter" case act "$arbitration" 签收
    show 0 "$arbiter" case act "$arbitration" 受理 + \
        arbitration_no=演示土仲1号
    effect "仲裁委已受理；村里看得到去了哪里" "accepted there; the village sees where it went" \
        "$(facts "$mediator" case show "$land" --json=state,links)" '"state":"passed_on"' \
        "$arbitration"
}

its_way_is_known() {
    step "村里看得到去了哪里" "The village sees where it went"
    show 0 "$mediator" case where "$land"
    show 0 "$mediator" case lineage "$land"
    effect "现在在仲裁委" "now with the commission" "$(facts "$mediator" case where "$land" --json)" \
        "$arbitration"
}

walk_land() {
    account "$arbiter"
    a_land_case_is_mediated
    the_line_drops
    it_goes_to_arbitration
    its_way_is_known
}
