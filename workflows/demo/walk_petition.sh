# workflows/demo/walk_petition.sh — sourced by run: a petition, routed, late, supervised, killed in the
# middle, answered and closed.

clerk=yanglujing01         # 登记员, the village committee
village_head=yanglujing04  # 负责人 there
handler=hainan.nmj02       # 承办人, the district's bureau of agriculture
bureau=hainan.xfj02        # 信访工作人员, the district's petition bureau
district=hainan.xfj04      # 督办员, the district's petition bureau
city=wuhai.xfj04           # 督办员, the city's petition bureau
petition=羊村26-0001
notes=8                    # taken in a row while the daemon is killed

a_petition_arrives() {
    step "信访到村：登记" "A petition arrives in the village"
    tell "村民到羊路井村委会反映承包地边界不清。村登记员登记：系统编号、归类、开始计时。" \
        "A villager reports an unclear boundary. Registered: number, category, clock."
    show 0 "$clerk" case open --flow petition --place 羊路井村 + \
        --party 信访人:演示信访人01 subject=承包地边界争议 + \
        text=与邻户承包地边界不清，多次协商未果，请求确认四至。
    effect "已登记，归入“农村农牧业/土地承包”，15日内须转送，至3月17日" \
        "registered, category found, to be forwarded until 17 March" \
        "$(facts "$clerk" case show "$petition" --json=state,due,category,host)" \
        '"state":"registered"' '"id":"yanglujing.vc"' '"legal":"2026-03-17"' \
        '"category":"农村农牧业/土地承包"'
}

the_village_may_not_decide() {
    step "村里只登记，不能受理" "The village only registers"
    tell "谁能办什么由流程脚本和角色决定；不能办时说明原因。村委会负责人试着受理：" \
        "The workflow says who may do what, and why not. The village head tries:"
    show 69 "$village_head" case act "$petition" 受理
    effect "没有受理，案件没有变" "nothing was accepted, the case is as it was" \
        "$(facts "$clerk" case show "$petition" --json=state,version)" \
        '"state":"registered"' '"version":1'
}

it_is_forwarded() {
    step "转送：按归类和地点找到承办单位" "Forwarded: routed by category and place"
    tell "村里只登记、上送；区信访局转送。土地承包归区农牧局：送到哪里由流程算出，不用查。" \
        "The village passes up; the bureau forwards. Land contracts go to agriculture."
    show 0 "$clerk" case act "$petition" 上送信访局
    show 0 "$bureau" case act "$petition" 转送
    effect "现在在海南区农牧局，村委会仍是参与单位" "now with the bureau; the village still takes part" \
        "$(facts "$clerk" case show "$petition" --json=state,host,participants)" \
        '"state":"forwarded"' '"id":"hainan.nmj"' 'yanglujing.vc'
}

it_is_accepted() {
    step "承办人的待办，受理" "The handler's desk; acceptance"
    show 0 "$handler" inbox
    show 0 "$handler" case act "$petition" 受理
    effect "办理中，60日，至5月6日" "being handled, 60 days, until 6 May" \
        "$(facts "$handler" case show "$petition" --json=state,due)" \
        '"state":"handling"' '"clock":"handle"' '"legal":"2026-05-06"'
}

dates_are_explained() {
    step "为何是5月6日" "Why 6 May"
    tell "每个期限都说得清：从哪天起算、依据哪一条、末日遇节假日如何顺延。" \
        "Every date explains itself: first day, article of law, holidays."
    show 0 "$handler" case why "$petition"
    effect "5月1日是劳动节假期，顺延至5月6日" "1 May is a holiday, so 6 May" \
        "$(facts "$handler" case why "$petition" --json=clocks)" \
        '"raw":"2026-05-01"' '"legal":"2026-05-06"' '"term":"XF.HANDLE"'
}

it_turns_yellow() {
    step "时间过去了：变黄" "Time goes by: yellow"
    tell "管理员把虚拟时钟拨到4月29日。期限将近，系统标黄并提醒承办人。" \
        "The administrator moves the virtual clock to 29 April. The date is near."
    show 0 "$admin" clock 2026-04-29T10:00
    show 0 "$handler" inbox
    effect "标黄，还剩2个工作日" "marked yellow, two working days left" \
        "$(facts "$handler" case show "$petition" --json=marks,due)" \
        '"yellow"' '"workdays":2' '"colour":"yellow"'
}

it_turns_red() {
    step "超期：变红，区信访局督办" "Late: red, and supervised by the district"
    tell "到期没有答复。承办单位不变，但区信访局的督办员现在也看得到、要过问。" \
        "No answer in time. The bureau keeps the case; the petition bureau watches."
    show 0 "$admin" clock 2026-05-08T09:00
    show 0 "$district" inbox
    effect "标红，已超期2个工作日，由海南区信访局督办" "red, two working days late, supervised" \
        "$(facts "$district" case show "$petition" --json=marks,due,supervisor,host)" \
        '"red"' '"workdays":-2' '"id":"hainan.xfj"' '"id":"hainan.nmj"'
}

it_is_supervised_by_the_city() {
    step "再超15日：上报到市" "Fifteen days more: up to the city"
    show 0 "$admin" clock 2026-05-22T09:00
    tell "超期不答复，督办逐级上提；每一级都收到通知（本例写进文件，也可发邮件或推送）。" \
        "Supervision climbs while nothing is answered; each level is told."
    show 0 "$city" case list --late
    effect "改由乌海市信访局督办，通知已写出" "now supervised by the city; notices were written" \
        "$(facts "$city" case show "$petition" --json=level,supervisor)" '"id":"wuhai.xfj"' \
        '"level":4'
    grep -q "$petition" "$work"/notices/notify-2026-05-2*.jsonl 2>/dev/null ||
        fail "$(words "没有写出督办通知" "no notice of the supervision was written")"
}

# The fifth note is on its way when the daemon dies; the others find nobody.
take_notes() {
    i=1
    while [ "$i" -le "$notes" ]; do
        echo "case note $petition 第${i}次走访"
        case $i in
        5) kill -9 "$fengqiaod_pid" ;;
        *) sleep 0.1 ;;
        esac
        i=$((i + 1))
    done
}

the_daemon_is_killed() {
    step "断电也不丢：kill -9" "Nothing is lost: kill -9"
    tell "承办人连记${notes}条走访备注，记到第5条时服务器被强行杀掉（kill -9 $fengqiaod_pid）。" \
        "The handler takes $notes notes; at the fifth the server is killed (kill -9 $fengqiaod_pid)."
    take_notes | as "$handler" shell >"$work/last" 2>&1 || true
    wait "$fengqiaod_pid" 2>/dev/null || true
    fengqiaod_pid=
    show 0 "$handler" outbox list
    waiting=$(as "$handler" outbox list --plain | grep -c case.note) || true
    [ "$waiting" -ge $((notes - 5)) ] ||
        fail "$(words "待发里只有 $waiting 条" "only $waiting notes wait in the outbox")"
    daemon_start
    tell "服务器重新起来了。同一条请求带着同一个键，重送也只办一次：" \
        "It is up again. The same request carries the same key and happens once:"
    show 0 "$handler" outbox send
    history=$(facts "$handler" case timeline "$petition" --json --limit 200)
    i=1
    while [ "$i" -le "$notes" ]; do
        times=$(printf '%s' "$history" | grep -o "\"note\":\"第${i}次走访\",\"type\":\"noted\"" | wc -l)
        [ "$times" -eq 1 ] ||
            fail "$(words "第${i}次走访记了 $times 次" "note $i stands $times times in the history")"
        i=$((i + 1))
    done
    effect "${notes}条都在，各一次；原来的办理记录都在" "all $notes notes are there, each once" \
        "$(facts "$handler" case show "$petition" --json=state,supervisor)" \
        '"state":"handling"' '"id":"wuhai.xfj"'
}

it_is_answered() {
    step "答复" "The answer"
    show 0 "$handler" case act "$petition" 出具处理意见 result=支持 + \
        opinion=已会同村镇现场勘界，双方签字确认。
    effect "已答复，红色标记已消；信访人30日内可请求复查" "answered, no longer red; 30 days to ask for a review" \
        "$(facts "$handler" case show "$petition" --json=state,marks,due)" \
        '"state":"wait_fucha"' '"clock":"ask_fucha"' '"marks":[]'
}

it_is_closed_by_time() {
    step "期满未申请复查：办结" "No review was asked for: closed"
    tell "再过33天，没有人申请复查，时钟自己把案件办结。" "33 days later the clock closes the case by itself."
    show 0 "$admin" clock 33d
    effect "办结" "closed" "$(facts "$handler" case show "$petition" --json=state,outcome)" \
        '"state":"closed_no_review"' '"outcome":"办结"'
}

the_whole_case_is_shown() {
    step "一件案件的全貌" "The whole case"
    show 0 "$handler" case show "$petition"
    effect "办理超期，记录里一直留着" "the lateness stays on record" \
        "$(facts "$handler" case show "$petition" --json=clocks)" '"name":"handle"' '"late":true'
}

the_history_verifies() {
    step "办理记录校验" "The history verifies"
    tell "每条记录都含上一条的 SHA-256；改动、删去、插入任何一条都会露出来。" \
        "Each record holds the SHA-256 of the one before: no change goes unnoticed."
    show 0 "$handler" case verify "$petition"
    effect "哈希链完整" "the chain is whole" "$(facts "$handler" case verify "$petition" --json)" \
        '"ok":true'
}

walk_petition() {
    for user in "$clerk" "$village_head" "$handler" "$bureau" "$district" \
        "$city"; do
        account "$user"
    done
    a_petition_arrives
    the_village_may_not_decide
    it_is_forwarded
    it_is_accepted
    dates_are_explained
    it_turns_yellow
    it_turns_red
    it_is_supervised_by_the_city
    the_daemon_is_killed
    it_is_answered
    it_is_closed_by_time
    the_whole_case_is_shown
    the_history_verifies
}
