-- Two hosts joined by a routed underlay, and an Ethernet between them over it:
-- one vxlan at each end, with the other as its remote.
--
--   nlsh run --sandbox scripts/examples/vxlan_pair.lua

local a, b = netns.add "a", netns.add "b"
link.add{ "eth0", type="veth", netns=a, up=true, addrs={ "192.0.2.1/24" },
          peer = { "eth0", netns=b, up=true, addrs={ "192.0.2.2/24" } } }

local function overlay(host, here, there, addr)
  return host.link.add{ "vx0", type="vxlan", id=42, dstport=4789, dev="eth0",
                        local_=here, remote=there, up=true, addrs={ addr } }
end
overlay(a, "192.0.2.1", "192.0.2.2", "10.0.0.1/24")
overlay(b, "192.0.2.2", "192.0.2.1", "10.0.0.2/24")

local ping = expect.ping{ "10.0.0.2", netns=a, count=3 }
print(("a -> b over the vxlan: %d of %d replies"):format(ping.received, ping.sent))

local vx = a.link.get "vx0"
print(("%s: id %d, %s -> %s, %d packets received"):format(vx.name, vx.id, vx["local"], vx.remote, vx.stats.rx_packets))
