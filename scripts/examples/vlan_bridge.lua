-- A bridge that heeds VLANs carries those of its customers: its own tags are
-- 802.1ad, and what a customer tags with 802.1Q passes as it is. A host reaches
-- those in its VLAN, and a tag of the provider's that no port is in does not
-- pass.
--
--   nlsh run --sandbox scripts/examples/vlan_bridge.lua
--
-- needs: vlan bridge-vlans

local br = link.add{ "br0", type="bridge", up=true, vlan_filtering=true,
                     vlan_protocol="802.1ad", vlan_default_pvid=100 }

local function host(name, vlan, address)
  local h = netns.add(name)
  link.add{ "v-" .. name, type="veth", master=br, up=true, peer={ "eth0", netns=h, up=true },
            bridge_slave={ neigh_suppress=false, mcast_flood=true } }
  h.link.add{ "eth0." .. vlan, type="vlan", link="eth0", id=vlan, up=true, addrs={ address } }
  return h
end

local a = host("a", 10, "10.0.10.1/24")
local b = host("b", 10, "10.0.10.2/24")
local c = host("c", 20, "10.0.10.3/24")

print "Ports of the bridge:"
print(bridge.link.list())

local ping = expect.ping{ "10.0.10.2", netns=a, count=3 }
print(("a -> b, both in VLAN 10: %d of %d replies"):format(ping.received, ping.sent))

expect.no_ping{ "10.0.10.3", netns=a, count=1, timeout="500ms" }
print "a -> c, which is in VLAN 20: no reply"

for _, h in ipairs{ a, b } do
  h.link.add{ "provider", type="vlan", link="eth0", protocol="802.1ad", id=200, up=true,
              addrs={ h == a and "10.0.200.1/24" or "10.0.200.2/24" } }
end
expect.no_ping{ "10.0.200.2", netns=a, count=1, timeout="500ms" }
print "a -> b by the provider's VLAN 200, which no port is in: no reply"
expect.eq(a.link.get("eth0.10").link, "eth0")
