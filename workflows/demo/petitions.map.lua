-- 导入对照文件：把一行一件的信访数据（JSON 行，可用 gzip 压缩）登记为信访事项，并按原来的时间重放办理。
--   fengqiao case import petitions.jsonl.gz --map workflows/demo/petitions.map.lua
-- 数据每行：id、petitioner、subject、text、received_at、reply、replied_at。
return {
  id = "demo-petitions", -- 参与每个请求的唯一键：同一 id 重复导入不会重复办理；改名即视为新的导入
  flow = "petition",
  row = "id",
  received = "received_at",
  source = "网上",
  fields = { subject = "subject", text = "text" },
  parties = { { role = "信访人", name = "petitioner" } },

  -- 数据中的地名已匿名（如“A7县”“L10县”），与乌海无关。同一代号总是落在同一个镇、街道，
  -- 由代号的散列值决定；没有代号的按行号分布。仅供演示，不表示当地有此信访。
  place = {
    tokens = "[A-Z][0-9]*(县|区|市|镇|乡)",
    columns = { "subject", "text" },
    under = "150300",
    level = 2,
  },

  -- 由该地镇政府（街道办事处）的登记员登记，上送区信访局转送。
  open = { kind = "town", role = "clerk" },

  -- 数据只有收到时间和答复时间，没有转送、受理的时间。这里假定收到当时即转送、受理，答复时出具处理意见：
  -- 因此“转送”“受理告知”两项期限必然按期，其按期率说明不了什么；只有“办理”期限来自数据。
  -- 也没有延期、调解、复查的记录，一律按没有处理。答复都记作“解释说明”，数据里没有支持与否。
  -- by：由案件所在单位的哪些人办理；
  -- 以服务器说明的有权人为先。每一步都用办理人自己的账号，没有越权的捷径。
  steps = {
    { action = "pass_up", at = "received_at", by = { "clerk", "head" } },
    { action = "forward", at = "received_at", by = { "clerk", "bureau", "head" } },
    { action = "accept", at = "received_at", by = { "handler", "head" } },
    { action = "conclude", at = "replied_at", by = { "handler", "head" },
      form = { opinion = "reply" }, set = { result = "解释说明" } },
  },

  replay = true, -- 按时间先后重放，每一步之前把虚拟时钟拨到当时
  clock = { body = "wuhai.xfj", role = "admin" }, -- 谁有权拨钟
  finish = "90 days", -- 最后再走90天，使未尽的期限届满
  password_env = "FENGQIAO_DEMO_PASSWORD", -- 演示账号的共同密码在这个环境变量里
}
