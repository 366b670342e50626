-- Three namespaces in a row: a - r - b. The one in the middle routes.
--
--   nlsh run --sandbox scripts/examples/routed_chain.lua

local a, r, b = netns.add "a", netns.add "r", netns.add "b"

-- An interface pair between two namespaces, addressed at both ends.
local function cable(left, lname, laddr, right, rname, raddr)
  link.add{ lname, type="veth", netns=left, up=true, addrs={ laddr },
            peer = { rname, netns=right, up=true, addrs={ raddr } } }
end

cable(a, "to-r", "10.1.0.2/24", r, "to-a", "10.1.0.1/24")
cable(r, "to-b", "10.2.0.1/24", b, "to-r", "10.2.0.2/24")

r:exec{ "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward" }
a.route.add{ "default", via="10.1.0.1" }
b.route.add{ "default", via="10.2.0.1" }

local way = a.route.get "10.2.0.2"
expect.eq(way.via, "10.1.0.1")
expect.eq(way.dev, "to-r")

local ping = expect.ping{ "10.2.0.2", netns=a, count=3 }
print(("a -> b across r: %d of %d replies, ttl %d"):format(ping.received, ping.sent, ping.replies[1].ttl))
print "The routes of a:"
print(a.route.list())
