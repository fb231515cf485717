-- 权限表：角色 -> 权限 -> 范围。未写明的一律没有。
-- 范围："body" 本单位的案件；"subtree" 本单位所在区划及其以下。
-- 流程中的办理动作不在此表：由流程脚本的 by（角色）决定。
-- 查看类权限（case.read、case.note）在案件涉及的各单位均有效；
-- 变更类权限（指派、认领、分类、中止）只在案件所在单位有效。
-- 补正当事人和登记事项（case.party）只限案件所在单位，由什么改为什么记入办理记录；
-- 查看隐去的内容（case.reveal：电话、证件号码）只限案件所在单位，每次写明理由并记入办理记录；
-- 决定回避（case.recuse）由案件所在单位的负责人；本人可自行回避，但不能自行恢复。
-- case.task：在本单位的案件里交办任务，并答复交给本单位的任务。case.urge 催办、督办，case.listed 挂牌督办：
-- "subtree" 对本区划内的承办单位（不含本单位），"body" 只对本单位督办的案件；承办单位不变。
-- 登记（case.open）对本辖区各单位有效：谁先接到谁登记，登记到哪个单位由流程定，登记的单位随后可看该案；
-- 哪类单位的人可以登记某类案件，由流程的 registers 规定。完整的对照见 matrix.csv，由测试逐格核对。
return {
  { role = "clerk", title = "登记员", rights = {
    ["case.open"] = "subtree", ["case.read"] = "body", ["case.note"] = "body", ["case.claim"] = "body",
    ["case.classify"] = "body",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 网格员在村（居）委会：登记、记录、上送，不受理也不调解。
  { role = "grid", title = "网格员", rights = {
    ["case.open"] = "subtree", ["case.read"] = "body", ["case.note"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  { role = "mediator", title = "调解员", rights = {
    ["case.open"] = "subtree", ["case.read"] = "body", ["case.note"] = "body", ["case.claim"] = "body",
    ["case.classify"] = "body", ["case.pause"] = "body",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body",
    ["case.task"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  { role = "chief", title = "主任（首席调解员）", rights = {
    ["case.open"] = "subtree", ["case.read"] = "subtree", ["case.note"] = "body",
    ["case.claim"] = "body", ["case.assign"] = "body", ["case.classify"] = "body",
    ["case.pause"] = "body", ["report.read"] = "subtree",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body", ["case.recuse"] = "body",
    ["case.task"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  { role = "handler", title = "承办人", rights = {
    ["case.open"] = "subtree", ["case.read"] = "body", ["case.note"] = "body", ["case.claim"] = "body",
    ["case.classify"] = "body", ["case.pause"] = "body",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body",
    ["case.task"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 职能局的负责人只看本单位的案件；镇、街道的负责人由 leader（领导）看全镇。
  { role = "head", title = "负责人", rights = {
    ["case.open"] = "subtree", ["case.read"] = "body", ["case.note"] = "body", ["case.claim"] = "body",
    ["case.assign"] = "body", ["case.classify"] = "body", ["case.pause"] = "body",
    ["report.read"] = "body",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body", ["case.recuse"] = "body",
    ["case.task"] = "body", ["case.urge"] = "body",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 信访部门登记、转送、交办、督办，不代替有权处理机关作实体处理。
  { role = "bureau", title = "信访工作人员", rights = {
    ["case.open"] = "subtree", ["case.read"] = "subtree", ["case.note"] = "subtree",
    ["case.claim"] = "body", ["case.assign"] = "body", ["case.classify"] = "subtree",
    ["case.pause"] = "body", ["report.read"] = "subtree", ["events.read"] = "subtree",
    ["case.document"] = "body", ["case.reveal"] = "body", ["case.party"] = "body", ["case.recuse"] = "body",
    ["case.task"] = "body", ["case.urge"] = "subtree",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 联席会议：指定受理、督办、挂牌，不登记也不办理。
  { role = "conference", title = "联席会议工作人员", rights = {
    ["case.read"] = "subtree", ["case.note"] = "subtree", ["report.read"] = "subtree",
    ["events.read"] = "subtree",
    ["case.urge"] = "subtree", ["case.listed"] = "subtree",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  { role = "overseer", title = "督办员", rights = {
    ["case.read"] = "subtree", ["case.note"] = "subtree", ["report.read"] = "subtree",
    ["events.read"] = "subtree",
    ["case.urge"] = "subtree",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  { role = "leader", title = "领导", rights = {
    ["case.read"] = "subtree", ["case.note"] = "subtree", ["report.read"] = "subtree",
    ["case.urge"] = "subtree",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 系统、安全、审计三员分立：管理员管系统不看案件，安全员管账号，审计员只看不改。
  { role = "admin", title = "系统管理员", rights = {
    ["flow.read"] = "subtree", ["flow.deploy"] = "subtree",
    ["calendar.read"] = "subtree", ["calendar.load"] = "subtree", ["org.read"] = "subtree",
    ["user.manage"] = "subtree", ["report.read"] = "subtree", ["effects.read"] = "subtree",
    ["effects.retry"] = "subtree", ["clock.set"] = "subtree", ["admin.health"] = "subtree",
    ["import.run"] = "subtree" } },

  { role = "security", title = "安全管理员", rights = {
    ["user.manage"] = "subtree", ["org.read"] = "subtree", ["admin.health"] = "subtree" } },

  { role = "auditor", title = "审计员", rights = {
    ["case.read"] = "subtree", ["events.read"] = "subtree", ["effects.read"] = "subtree",
    ["report.read"] = "subtree", ["admin.health"] = "subtree",
    ["flow.read"] = "subtree", ["calendar.read"] = "subtree", ["org.read"] = "subtree" } },

  -- 批量导入历史案件的账号：可在全市任一单位登记，用后即停用。
  { role = "importer", title = "数据导入员", rights = {
    ["import.run"] = "subtree", ["case.open"] = "subtree", ["case.read"] = "subtree",
    ["case.note"] = "subtree", ["case.classify"] = "subtree", ["report.read"] = "subtree",
    ["flow.read"] = "body", ["calendar.read"] = "body", ["org.read"] = "body" } },

  -- 插件在配置中被授予的角色。
  { role = "notifier", title = "通知插件", rights = {
    ["effects.read"] = "subtree", ["org.read"] = "subtree" } },
  { role = "documenter", title = "文书插件", rights = {
    ["case.read"] = "subtree", ["case.note"] = "subtree", ["case.document"] = "subtree",
    ["flow.read"] = "subtree" } },
}
