-- Two ways out of one host, chosen by the source address: a rule for each
-- address and a table for each way.
--
--   nlsh run --sandbox scripts/examples/policy_routing.lua

for i, name in ipairs{ "wan1", "wan2" } do
  local isp = netns.add("isp" .. i)
  link.add{ name, type="veth", up=true, addrs={ ("10.%d.0.2/24"):format(i) },
            peer = { "eth0", netns=isp, up=true, addrs={ ("10.%d.0.1/24"):format(i), "198.51.100.1/32" } } }
  isp.link.up "lo"
  route.add{ "default", via=("10.%d.0.1"):format(i), table=100 + i }
  rule.add{ 1000 + i, from=("10.%d.0.2"):format(i), table=100 + i }
end

print(rule.list{ family="inet" })

for i, name in ipairs{ "wan1", "wan2" } do
  local way = route.get("198.51.100.1", { from=("10.%d.0.2"):format(i) })
  expect.eq(way.dev, name)
  expect.ping{ "198.51.100.1", source=("10.%d.0.2"):format(i) }
  print(("from 10.%d.0.2: out by %s, through %s"):format(i, way.dev, way.via))
end
