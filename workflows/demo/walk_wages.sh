# workflows/demo/walk_wages.sh — sourced by run: the wages of six workers, from the village to the
# town and the district, jointly with the labour bureau, to an agreement, the court and the visits.

mediator=yanglujing02      # 调解员, the village's mediation committee
town=bayintaohai.tw01      # 调解员, the town's mediation committee
justice=bayintaohai.sfs01  # 调解员, the town's justice office
district_mediator=hainan.sgc01 # 调解员, the district's social-governance centre
labour=hainan.rsj02        # 承办人, the district's labour bureau
court_clerk=hainan.court02 # 立案, the district's court
judge=hainan.court03       # 承办法官
wages=羊调26-0001
ruling=海法26-0001

six_workers_come() {
    step "欠薪：六名工人到村调委会" "Wages: six workers come to the village"
    tell "村调委会登记；五人以上的共同诉求直接由镇会调，村调委会作参与人。" \
        "Registered in the village; a claim of five and more goes to the town."
    show 0 "$mediator" case open --flow people_mediation --place 羊路井村 + \
        --party 申请人:演示工人01等六人 --party 对方:演示工程公司01 + \
        kind=劳动争议 people_count=6 amount=86000 + \
        subject=拖欠六名工人工资 text=工程完工后拖欠六名工人两个月工资。
    effect "已在镇调委会，村调委会是参与人" "with the town; the village takes part" \
        "$(facts "$mediator" case show "$wages" --json=state,host,level,participants)" \
        '"id":"bayintaohai.tw"' '"level":2' 'yanglujing.tw'
}

the_town_mediates() {
    step "镇里受理、调解：双方自愿才调" "The town mediates: only if both are willing"
    show 69 "$town" case act "$wages" 受理 + \
        consent_applicant=true consent_respondent=false
    tell "有一方不同意就不能受理，并说明依据。做通工作、双方同意以后：" \
        "Not over a refusal, and the article is named. Once both are willing:"
    show 0 "$town" case act "$wages" 受理 + \
        consent_applicant=true consent_respondent=true
    show 0 "$town" case act "$wages" 开始调解
    effect "调解中，镇会调15日" "in mediation; fifteen days at the town's level" \
        "$(facts "$town" case show "$wages" --json=state,clocks)" '"state":"mediating"' \
        '"name":"level2"'
}

it_goes_up_to_the_district() {
    step "须人社部门参与：上提到区联调" "Up to the district"
    show 0 "$town" case act "$wages" 上提一级 + \
        --reason 须人社部门核实用工和欠薪数额 + \
        tried=镇里面谈两次 wish=双方愿意继续调解
    show 0 "$district_mediator" case act "$wages" 接收并开始调解 + \
        consent_applicant=true consent_respondent=true
    effect "区社会治理中心承办，镇、村仍看得到" "with the district; town and village still see it" \
        "$(facts "$town" case show "$wages" --json=state,host,level,participants)" \
        '"id":"hainan.sgc"' '"level":3' 'bayintaohai.tw'
}

bodies_are_asked() {
    step "联合调解：请人社局、司法所出意见" "Jointly: labour bureau and justice office are asked"
    show 0 "$district_mediator" case act "$wages" 联合调解 + \
        to_body=海南区人力资源和社会保障局 both_agree=true
    tell "人社局的待办里有了这件事和它自己的期限；只能答复，不能代替承办人办理。" \
        "On the bureau's desk with a date of its own; it answers, it does not act."
    show 0 "$labour" inbox
    effect "两家各有一件请求，等待答复" "two requests wait for an answer" \
        "$(facts "$district_mediator" case show "$wages" --json=state,tasks)" \
        '"state":"joint"' '"state":"asked"'
}

they_answer() {
    step "答复齐了才往下走" "On when both have answered"
    show 69 "$district_mediator" case act "$wages" 联合调解意见已齐
    show 0 "$labour" case answer "$wages" t2 + \
        已核实用工六人，欠薪八万六千元属实。
    effect "还差司法所" "the justice office is awaited" \
        "$(facts "$district_mediator" case show "$wages" --json=joint)" 'bayintaohai.sfs'
    step "两家都答复了" "Both have answered"
    show 0 "$justice" case answer "$wages" t1 + \
        建议分两期支付，约定违约责任。
    show 0 "$district_mediator" case act "$wages" 联合调解意见已齐
    effect "两家都已答复，继续调解" "both have answered" \
        "$(facts "$district_mediator" case show "$wages" --json=state,tasks)" \
        '"state":"mediating"' '"state":"answered"'
}

they_agree() {
    step "达成协议，打印协议书" "An agreement, and its document"
    show 0 "$district_mediator" case act "$wages" 达成协议 form=书面 + \
        terms=公司分两期支付六名工人工资共八万六千元。 + \
        facts=欠薪属实，公司承担支付责任。 manner=银行转账至本人账户 + \
        place_of_performance=海南区 perform_by=2026-07-31 + \
        seal_body=巴音陶亥镇人民调解委员会
    ! papers || show 0 "$district_mediator" print "$wages" 调解协议书 --pdf agreement.pdf
    effect "达成协议，履行中" "agreed, to be performed" \
        "$(facts "$district_mediator" case show "$wages" --json=state)" '"state":"agreed"'
}

the_court_receives() {
    step "共同申请司法确认：到区法院" "Judicial confirmation at the district's court"
    show 0 "$district_mediator" case act "$wages" 共同申请司法确认 both_apply=true + \
        identity_matter=false title_matter=false court=海南区人民法院 + \
        competence=调解组织所在地基层人民法院
    show 0 "$court_clerk" inbox
    show 0 "$court_clerk" case act "$ruling" 签收
    effect "法院签收，三日内决定是否受理" "signed for; three days to accept" \
        "$(facts "$court_clerk" case show "$ruling" --json=state,due)" '"state":"filed"'
}

the_court_rules() {
    step "法院审查，裁定协议有效" "The court examines and confirms"
    show 0 "$court_clerk" case act "$ruling" 受理 court_no=演示民特1号 + \
        paper_agreement=true paper_body=true paper_identity=true paper_address=true
    show 0 "$judge" case act "$ruling" 裁定协议有效 ruling_no=演示民特1号
    effect "裁定协议有效；调解案件自动转为已司法确认" "confirmed; the mediation case knows by itself" \
        "$(facts "$district_mediator" case show "$wages" --json=state,links)" '"state":"confirmed"' \
        "$ruling"
}

where_is_it_now() {
    step "这件事现在在哪里" "Where is this matter now"
    show 0 "$mediator" case where "$wages"
    effect "一条线索连起两件案件" "one lineage joins the two cases" \
        "$(facts "$mediator" case where "$wages" --json)" "$wages" "$ruling"
}

it_is_performed_and_visited() {
    step "履行、回访、结案" "Performed, visited, closed"
    show 0 "$admin" clock 2026-08-03T09:00
    show 0 "$district_mediator" case act "$wages" 回访 performed=已履行 + \
        finding=工资已全部到账。
    show 0 "$district_mediator" case act "$wages" 结案归档
    effect "已结案，三十日后复访" "closed, to be visited once more" \
        "$(facts "$district_mediator" case show "$wages" --json=state)" '"state":"settled"'
    step "三十日后复访，办结" "Visited once more"
    show 0 "$admin" clock 29d
    show 0 "$district_mediator" case act "$wages" 结案复访 performed=已履行 + \
        finding=没有新的争议。
    effect "调解成功，两件案件的记录都完整" "settled; both histories are whole" \
        "$(facts "$district_mediator" case show "$wages" --json=state,outcome)$(facts "$district_mediator" case verify "$wages" --json)" \
        '"outcome":"调解成功"' '"ok":true'
}

walk_wages() {
    for user in "$mediator" "$town" "$justice" "$district_mediator" "$labour" "$court_clerk" \
        "$judge"; do
        account "$user"
    done
    six_workers_come
    the_town_mediates
    it_goes_up_to_the_district
    bodies_are_asked
    they_answer
    they_agree
    the_court_receives
    the_court_rules
    where_is_it_now
    it_is_performed_and_visited
}
