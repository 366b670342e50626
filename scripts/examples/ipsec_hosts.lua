-- Two hosts that talk through IPsec: ESP in tunnel mode between their
-- addresses on the wire, with an AEAD cipher one way and a cipher and a hash the
-- other. A third namespace between them only bridges.
--
--   nlsh run --sandbox scripts/examples/ipsec_hosts.lua
--
-- needs: esp

local br = link.add{ "br0", type="bridge", up=true }

local function host(name, outer, inner)
  local h = netns.add(name)
  link.add{ "v-" .. name, type="veth", master=br, up=true,
            peer = { "eth0", netns=h, up=true, addrs={ outer .. "/24" } } }
  h.addr.add(inner .. "/32", "lo")
  return { ns=h, outer=outer, inner=inner }
end

local a = host("a", "192.0.2.1", "10.0.1.1")
local b = host("b", "192.0.2.2", "10.0.2.1")

-- The keys are for this example only: take random ones, and do not commit them.
local there = { src=a.outer, dst=b.outer, proto="esp", spi="0x301", mode="tunnel", reqid=1, replay_window=32,
                aead={ "rfc4106(gcm(aes))", "0x000102030405060708090a0b0c0d0e0f10111213", 128 } }
local back  = { src=b.outer, dst=a.outer, proto="esp", spi="0x302", mode="tunnel", reqid=1, replay_window=32,
                enc={ "cbc(aes)", "0x000102030405060708090a0b0c0d0e0f" },
                auth_trunc={ "hmac(sha256)", "0x202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f", 128 } }

for _, here in ipairs{ a, b } do
  local other = here == a and b or a
  local out, into = here == a and there or back, here == a and back or there
  local function through(s) return { src=s.src, dst=s.dst, proto="esp", mode="tunnel", reqid=1 } end
  here.ns.xfrm.state.add{ out, into }
  here.ns.xfrm.policy.add{
    { src=here.inner,  dst=other.inner, dir="out", tmpl=through(out) },
    { src=other.inner, dst=here.inner,  dir="in",  tmpl=through(into) },
    { src=other.inner, dst=here.inner,  dir="fwd", tmpl=through(into) },
  }
  here.ns.route.add{ other.inner, via=other.outer, src=here.inner }
end

local ping = expect.ping{ b.inner, netns=a.ns, count=3 }
print(("%s -> %s: %d of %d replies"):format(a.inner, b.inner, ping.received, ping.sent))

for s in a.ns.xfrm.state.each{} do
  print(("%s -> %s: %d packets"):format(s.src, s.dst, s.current.packets))
  expect.eq(s.current.packets, 3)
end
print "The keys are not shown:"
print(a.ns.xfrm.state.list())
