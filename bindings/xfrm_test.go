package bindings_test

import (
	"strings"
	"testing"

	"nlsh/nlcore/netns/nstest"
)

// features are those that examples may need.
var features = map[string]*nstest.Feature{"esp": &nstest.ESP}

// needed skips where the kernel may lack what a declaration names.
func needed(t *testing.T, needs string) {
	t.Helper()
	if needs == "" {
		return
	}
	f := features[needs]
	if f == nil {
		t.Fatalf("no feature %q", needs)
	}
	f.Need(t)
}

// TestXfrmPolicies runs scripts in a fresh namespace each.
func TestXfrmPolicies(t *testing.T) {
	const one = `local p = xfrm.policy.add{ src="10.0.0.0/24", dst="10.1.0.0/16", dir="out", priority=7, mark="0x64/0xff",
		tmpl={ src="10.9.0.1", dst="10.9.0.2", proto="esp", spi="0x301", mode="tunnel", reqid=1 } } `
	for _, c := range []struct{ name, src, want string }{
		{"add returns it", one + `print(p, p.index > 0, p.action, p.ptype, p.mark, p:raw("mark"))`,
			"src 10.0.0.0/24 dst 10.1.0.0/16 dir out true allow main 0x64/0xff 100 255\n"},
		{"templates", one + `print(#p.tmpl, p.tmpl[1].mode, p.tmpl[1].spi, p.tmpl[1].level, p.tmpl[1].src)`, "1 tunnel 0x00000301 required 10.9.0.1\n"},
		{"counts", one + `print(p.current.packets, p.current.bytes, p.current.add_time > 0)`, "0 0 true\n"},
		{"equality", one + `print(p == xfrm.policy.get{ src="10.0.0.0/24", dst="10.1.0.0/16", dir="out", mark="0x64/0xff" })`, "true\n"},
		{"all again", one + `local t = xfrm.policy.list() xfrm.policy.del(t) print(#xfrm.policy.list()) xfrm.policy.add(t) local q = xfrm.policy.list()
			print(#q, q[1] == p, q[1].tmpl[1].reqid, q[1].priority)`, "0\n1 true 1 7\n"},
		{"as a table", one + `local t = p:totable() p:del() local q = xfrm.policy.add(t) print(q.tmpl[1].dst, q == p)`, "10.9.0.2 true\n"},
		{"set", one + `print(p:set{ priority=9 }.priority, p.tmpl[1].reqid, #xfrm.policy.list())`, "9 1 1\n"},
		{"filters", one + `xfrm.policy.add{ dir="in", family="inet6" }
			print(#xfrm.policy.list{ dir="out" }, #xfrm.policy.list{ family="inet6" }, #xfrm.policy.list{ dir={ "in", "out" } }, #xfrm.policy.list{ mark=false })`, "1 1 2 1\n"},
		{"one batch", `local l = {} for i = 1, 462 do l[i] = { dst="10."..math.floor(i/250).."."..i%250 ..".0/24", dir="out" } end
			print(#xfrm.policy.add(l), #xfrm.policy.list(), xfrm.policy.flush{ all=true })`, "462 462 462\n"},
		{"ports", `local p = xfrm.policy.add{ dir="in", proto="udp", sport=500, dport="0x4000/0xc000" } print(p.sport, p.dport, p.proto)`, "500 16384/0xc000 udp\n"},
		{"gre", `local p = xfrm.policy.add{ dir="in", proto="gre", key="1.2.3.4" } print(p.key, p.sport, p.dport)`, "16909060 258 772\n"},
		{"no dir", `xfrm.policy.add{ dst="10.0.0.0/8" }`, "! xfrm.policy add dst 10.0.0.0/8: dir is required: in, out or fwd\n"},
		{"unknown field", `xfrm.policy.add{ dst="10.0.0.0/8", dir="out", prio=5 }`, `! xfrm.policy add dst 10.0.0.0/8 dir out: unknown field "prio"; did you mean "priority"?` + "\n"},
		{"unknown field of a template", `xfrm.policy.add{ dir="out", tmpl={ modee="tunnel" } }`, `! xfrm.policy add dir out: unknown field "tmpl[1].modee"; did you mean "mode"?` + "\n"},
		{"positional", `xfrm.policy.add{ "10.0.0.0/8" }`, `! xfrm.policy add: takes named fields only, got "10.0.0.0/8"` + "\n"},
		{"unknown word", `xfrm.policy.add{ dir="sideways" }`, `! xfrm.policy add: dir wants a number or one of in, out, fwd, got "sideways"` + "\n"},
		{"gone", one + `p:del() xfrm.policy.get{ src="10.0.0.0/24", dst="10.1.0.0/16", dir="out" }`,
			"! xfrm.policy get src 10.0.0.0/24 dst 10.1.0.0/16 dir out: no such file or directory (ENOENT)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := newWorld(t).run(c.src); got != c.want {
				t.Errorf("%s\ngot  %swant %s", c.src, got, c.want)
			}
		})
	}
}

// TestXfrmStatesRefused holds what is found before the kernel is asked, and
// that no error shows a key.
func TestXfrmStatesRefused(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"aead key", `aead={ "rfc4106(gcm(aes))", "0x0123456789", 128 }`, "aead.key wants 20, 28 or 36 bytes for rfc4106(gcm(aes)), got 5"},
		{"aead length", `aead={ "rfc4106(gcm(aes))", "twenty bytes of key!", 80 }`, "aead.icv_len wants 64, 96 or 128 bits for rfc4106(gcm(aes)), got 80"},
		{"enc key", `enc={ "aes", "0x0123456789" }, auth={ "hmac(sha1)", "x" }`, "enc.key wants 16, 24 or 32 bytes for aes, got 5"},
		{"trunc", `auth_trunc={ "hmac(sha1)", "x", 256 }`, "auth_trunc.trunc_len wants a multiple of 8 bits up to 160 for hmac(sha1), got 256"},
		{"odd digits", `enc={ "aes", "0x0123456" }`, "enc.key wants hex digits in pairs after 0x"},
		{"no algorithm", ``, "enc or aead is required for esp"},
		{"esn", `enc={ "aes", "sixteen secrets!" }, esn=true`, "replay_window is required with esn"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := newWorld(t).run(`xfrm.state.add{ src="10.0.0.1", dst="10.0.0.2", proto="esp", spi=5, ` + c.fields + ` }`)
			if !strings.HasSuffix(got, ": "+c.want+"\n") || strings.Contains(got, "0123456") {
				t.Errorf("got %swant %s", got, c.want)
			}
		})
	}
}

// TestXfrmStates makes states, where the kernel has ESP.
func TestXfrmStates(t *testing.T) {
	needed(t, "esp")
	const one = `local s = xfrm.state.add{ src="10.0.0.1", dst="10.0.0.2", proto="esp", spi="0x301", mode="tunnel", reqid=7, esn=true, replay_window=64,
		mark=5, if_id=6, limit={ time_hard="1h" }, aead={ "rfc4106(gcm(aes))", "0x000102030405060708090a0b0c0d0e0f10111213", 128 } } `
	for _, c := range []struct{ name, src, want string }{
		{"add returns it", one + `print(s, s.aead.name, s.aead.icv_len, s.esn, s.replay_window, s.limit.time_hard, s.mark)`,
			"src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x00000301 rfc4106(gcm(aes)) 128 true 64 3600 0x5\n"},
		{"keys are masked", one + `print(s.aead.key, s:raw("aead").key, inspect(s):find("0001020304"), json.encode(s):find("0001020304"), tostring(xfrm.state.list()):find("0001020304"))`,
			"0x…(160 bits) 0x000102030405060708090a0b0c0d0e0f10111213 nil nil nil\n"},
		{"again as a table", one + `local t = s:totable() s:del() local r = xfrm.state.add(t) print(r == s, r:raw("aead").key)`, "true 0x000102030405060708090a0b0c0d0e0f10111213\n"},
		{"set", one + `print(s:set{ limit={ time_hard="2h" } }.limit.time_hard, s:raw("aead").key)`, "7200 0x000102030405060708090a0b0c0d0e0f10111213\n"},
		{"flush", one + `print(xfrm.state.flush{ proto="esp" }, #xfrm.state.list())`, "1 0\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := newWorld(t).run(c.src); got != c.want {
				t.Errorf("%s\ngot  %swant %s", c.src, got, c.want)
			}
		})
	}
}
