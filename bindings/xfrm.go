package bindings

import (
	"nlsh/bindings/decl"
	"nlsh/nlcore"
)

func xfrmModule() *decl.Module {
	return &decl.Module{
		Name:  "xfrm",
		Doc:   "IPsec: states, which say how packets are transformed, and policies, which say for which packets. Keys print as a mask; x:raw(field) tells them.",
		Since: since,
		Subs:  []*decl.Module{xfrmPolicyModule(), xfrmStateModule()},
	}
}

// itself finds an object again by what it says.
func itself(o nlcore.Object) nlcore.Object { return o }

func xfrmStateModule() *decl.Module {
	const esp = "esp"
	return &decl.Module{
		Name:    "state",
		Doc:     "States (security associations): addresses, SPI, algorithms with their keys, limits. One algorithm is { name, key }, for auth_trunc and aead { name, key, bits }; a key is hex after 0x, else bytes.",
		Since:   since,
		Class:   nlcore.ClassByName("xfrm.state"),
		Again:   itself,
		Columns: []string{"src", "dst", "proto", "spi", "reqid", "mode", "mark", "if_id", "dir"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Needs: esp, Example: `
xfrm.state.add{ src="10.0.0.1", dst="10.0.0.2", proto="esp", spi="0x301", mode="tunnel", reqid=1,
  aead={ "rfc4106(gcm(aes))", "0x000102030405060708090a0b0c0d0e0f10111213", 128 } }
xfrm.state.add{ src="10.0.0.2", dst="10.0.0.1", proto="esp", spi="0x302", mode="tunnel", reqid=1,
  enc={ "cbc(aes)", "sixteen secrets!" }, auth_trunc={ "hmac(sha256)", "thirty-two secrets and no others", 128 } }`}),
			decl.Verb("change", nlcore.Update, decl.About{Since: since, Needs: esp, Doc: "Alters a state that must exist. Of a complete one the kernel changes encap, coa, limit, output_mark and if_id, and drops the rest silently.", Example: xfrmOneState + `
xfrm.state.change{ dst="10.0.0.2", proto="esp", spi="0x301", src="10.0.0.1", replay_window=32,
  enc={ "cbc(aes)", "sixteen secrets!" }, auth={ "hmac(sha256)", "another" } }`}),
			decl.Verb("update", nlcore.Update, decl.About{Since: since, Needs: esp, Doc: "The same as change, in ip's word.", Example: xfrmOneState + `
xfrm.state.update{ dst="10.0.0.2", proto="esp", spi="0x301", src="10.0.0.1", limit={ time_hard="1h" },
  enc={ "cbc(aes)", "sixteen secrets!" }, auth={ "hmac(sha256)", "another" } }`}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Needs: esp, Example: xfrmOneState + `
xfrm.state.del{ dst="10.0.0.2", proto="esp", spi="0x301" }`}),
			decl.Get(decl.About{Since: since, Needs: esp, Doc: "The state with this dst, proto, spi and mark.", Example: xfrmOneState + `
local s = xfrm.state.get{ dst="10.0.0.2", proto="esp", spi="0x301" }
print(s.enc.name, s.enc.key, s:raw("enc").key)`}),
			decl.Find(decl.About{Since: since, Example: `
assert(xfrm.state.find{ reqid=5 } == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: `
print(xfrm.state.list())
print(#xfrm.state.list{ proto="esp", mode={ "tunnel", "beet" } })`}),
			decl.Each(decl.About{Since: since, Example: `
for s in xfrm.state.each{ proto="esp" } do print(s.src, s.dst, s.current.packets) end`}),
			decl.Flush(decl.About{Since: since, Example: `
assert(xfrm.state.flush{ all=true } == 0)`}),
		},
	}
}

// xfrmOneState begins the examples that need one.
const xfrmOneState = `
xfrm.state.add{ src="10.0.0.1", dst="10.0.0.2", proto="esp", spi="0x301",
  enc={ "cbc(aes)", "sixteen secrets!" }, auth={ "hmac(sha256)", "any" } }`

func xfrmPolicyModule() *decl.Module {
	return &decl.Module{
		Name:    "policy",
		Doc:     "Policies: which packets go through which states. The fields of the selector stand beside the others.",
		Since:   since,
		Class:   nlcore.ClassByName("xfrm.policy"),
		Again:   itself,
		Columns: []string{"src", "dst", "proto", "sport", "dport", "dir", "action", "priority", "tmpl", "mark", "if_id"},
		Funcs: []decl.Func{
			decl.Verb("add", nlcore.Add, decl.About{Since: since, Example: `
xfrm.policy.add{ src="10.0.0.0/24", dst="10.1.0.0/24", dir="out", priority=100,
  tmpl={ src="10.9.0.1", dst="10.9.0.2", proto="esp", mode="tunnel", reqid=1 } }
xfrm.policy.add{ { dst="10.2.0.0/24", dir="out", action="block" }, { proto="udp", dport=500, dir="in" } }`}),
			decl.Verb("replace", nlcore.Replace, decl.About{Since: since, Example: `
xfrm.policy.replace{ dst="10.1.0.0/24", dir="out", action="block" }`}),
			decl.Verb("change", nlcore.Update, decl.About{Since: since, Example: xfrmOnePolicy + `
xfrm.policy.change{ dst="10.1.0.0/24", dir="out", priority=5 }`,
				Doc: "Takes the place of a policy, whole. As with ip, the kernel creates one that is not there."}),
			decl.Verb("update", nlcore.Update, decl.About{Since: since, Doc: "The same as change, in ip's word.", Example: xfrmOnePolicy + `
xfrm.policy.update{ dst="10.1.0.0/24", dir="out", priority=5 }`}),
			decl.Verb("del", nlcore.Del, decl.About{Since: since, Example: xfrmOnePolicy + `
xfrm.policy.del{ dst="10.1.0.0/24", dir="out" }`}),
			decl.Get(decl.About{Since: since, Doc: "The policy with this selector, dir, mark and if_id, or with this index and dir.", Example: xfrmOnePolicy + `
print(xfrm.policy.get{ dst="10.1.0.0/24", dir="out" }.index)`}),
			decl.Find(decl.About{Since: since, Example: `
assert(xfrm.policy.find{ dst="10.1.0.0/24" } == nil)`}),
			decl.ListVerb(decl.About{Since: since, Example: xfrmOnePolicy + `
print(xfrm.policy.list{ dir="out", family="inet" })`}),
			decl.Each(decl.About{Since: since, Example: `
for p in xfrm.policy.each{ action="block" } do print(p.src, p.dst) end`}),
			decl.Flush(decl.About{Since: since, Example: xfrmOnePolicy + `
assert(xfrm.policy.flush{ dir="out" } == 1)`}),
		},
	}
}

// xfrmOnePolicy begins the examples that need one.
const xfrmOnePolicy = `
xfrm.policy.add{ dst="10.1.0.0/24", dir="out", action="block" }`
