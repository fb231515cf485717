-- 压力测试用的小流程：一个期限带预警、变红和督办，一项走访，一项由别的单位另案办理。
return workflow "people_mediation" {
  title = "测试调解", track = "people",
  roles = { mediator = at "host" { "mediator", "chief", title = "调解员" } },
  fields = { subject = text { title = "事由", required = true } },
  clocks = {
    mediate = clock { title = "调解期限", limit = "15 days", from = "accepted", to = "agreed|dropped",
      warn = { left "3 workdays" { mark "yellow", notify "mediator" } },
      late = { mark "red", notify "mediator", supervise { to = "parent" } } },
  },
  states = {
    registered = { title = "已登记", initial = true, work = "mediator" },
    accepted = { title = "已受理", work = "mediator", adhoc = { "visit", "count" } },
    agreed = { title = "达成协议", final = true },
    dropped = { title = "撤回", final = true },
  },
  tasks = { visit = task { title = "走访", limit = "3 workdays", by = "mediator" },
    count = task { title = "另案核算", flow = "administrative_mediation", limit = "5 workdays",
      to = agency "rsj" { level = "district" }, carry = { subject = "subject" } } },
  actions = {
    accept = on "registered -> accepted" { title = "受理", by = "mediator" },
    agree = on "accepted -> agreed" { title = "达成协议", by = "mediator" },
    drop = on "registered|accepted -> dropped" { title = "撤回", by = "mediator", reason = true },
  },
}
