-- Lists are plain sequences that print as tables; they are filtered by the
-- kernel where it can, by nlsh where it cannot, or by a function.
--
--   nlsh run --sandbox scripts/examples/list_and_filter.lua

link.add{ "br0", type="bridge", up=true, addrs={ "10.0.0.1/24", "2001:db8::1/64" } }
for i = 1, 4 do
  link.add{ "v" .. i, type="veth", master="br0", up=(i % 2 == 0), peer={ "p" .. i, up=true } }
end
route.add{
  { "10.1.0.0/16", via="10.0.0.2" },
  { "10.2.0.0/16", via="10.0.0.3", metric=50 },
  { "10.3.0.0/16", dev="br0", table=100 },
}

print "Ports of br0 that are up:"
print(link.list{ master="br0", up=true })

print "IPv4 addresses of br0:"
print(addr.list{ dev="br0", family="inet" })

print "Routes through a gateway:"
print(route.list():filter(function(r) return r.via end))

print "All tables, as JSON, one route a line:"
for r in route.each{ table="all", family="inet", proto="boot" } do
  print(r:json())
end

expect.eq(#link.list{ type="veth" }, 8)
expect.eq(route.find("10.2.0.0/16").metric, 50)
