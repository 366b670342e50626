package wire

import (
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)

// The headers of xfrm's messages (linux/xfrm.h), by the message's type.
var xfrmHeaders = map[uint16]int{0x10: 224, 0x1a: 224, 0x11: 24, 0x13: 168, 0x19: 168, 0x14: 64}

// xfrmMessage is a request of xfrm taken apart: none of its attributes holds
// others.
func xfrmMessage(t *testing.T, b []byte) message {
	t.Helper()
	m := message{Type: ne.Uint16(b[4:]), Flags: ne.Uint16(b[6:]) &^ flagAck}
	header := nlHeader + xfrmHeaders[m.Type]
	if header == nlHeader || len(b) < header {
		t.Fatalf("message of type %#x with %d bytes", m.Type, len(b))
	}
	m.Header = b[nlHeader:header]
	for b = b[header:]; len(b) >= 4; {
		size := int(ne.Uint16(b))
		m.Attrs = append(m.Attrs, node{ID: ne.Uint16(b[2:]), Data: hex.EncodeToString(b[4:size])})
		b = b[min((size+3)&^3, len(b)):]
	}
	slices.SortStableFunc(m.Attrs, func(x, y node) int { return int(x.ID) - int(y.ID) })
	return m
}

// list are values in ip's order.
func list(l ...any) pairs {
	var p pairs
	for i, x := range l {
		p = append(p, say(fmt.Sprintf("#%d", i+1), x)...)
	}
	return p
}

var outer = say("src", "10.0.0.1", "dst", "10.0.0.2")

const aesKey = "0x000102030405060708090a0b0c0d0e0f"

func state(spi string, more ...any) pairs {
	return slices.Concat(outer, say("proto", "esp", "spi", spi), say(more...))
}

var allLimits = say("time_soft", 11, "time_hard", 12, "time_use_soft", "13s", "time_use_hard", 14,
	"byte_soft", 15, "byte_hard", 16, "packet_soft", 17, "packet_hard", 18)

// xfrmCaptures are the commands of commands.sh in our words.
var xfrmCaptures = []capture{
	{"xfrm-state-gcm", nlcore.Add, "state", state("0x301", "mode", "tunnel", "reqid", 7,
		"aead", list("rfc4106(gcm(aes))", "0x0102030405060708090a0b0c0d0e0f1011121314", 128))},
	{"xfrm-state-cbc", nlcore.Add, "state", state("0x302", "mode", "transport", "enc", list("cbc(aes)", aesKey),
		"auth_trunc", list("hmac(sha256)", "0x202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f", 96),
		"encap", list("espinudp", 4500, 4501, "10.9.0.1"))},
	{"xfrm-state-ah", nlcore.Add, "state", say("src", "fd00::1", "dst", "fd00::2", "proto", "ah", "spi", 0x303,
		"auth", list("hmac(sha1)", "0x000102030405060708090a0b0c0d0e0f10111213"),
		"sel", say("src", "fd01::/64", "dst", "fd02::/48", "proto", "tcp", "sport", 80, "dport", 443, "dev", "v1"))},
	{"xfrm-state-comp", nlcore.Add, "state", slices.Concat(outer, say("proto", "comp", "spi", "0x304", "mode", "tunnel", "comp", "deflate"))},
	// ip turns seq round, which the kernel has in host order as its own.
	{"xfrm-state-all", nlcore.Add, "state", state("0x305", "mode", "tunnel", "mark", "0x64/0xff", "reqid", 7, "seq", 0x08000000,
		"replay_window", 16, "replay_seq", 5, "replay_oseq", 6, "noecn", true, "decap_dscp", true, "nopmtudisc", true,
		"wildrecv", true, "icmp", true, "af_unspec", true, "align4", true, "dont_encap_dscp", true, "oseq_may_wrap", true,
		"limit", allLimits, "output_mark", "0x5/0xf", "if_id", 0x42, "tfcpad", 99, "dir", "in", "pcpu_num", 3,
		"enc", list("ecb(cipher_null)"), "auth", list("hmac(md5)", "0x0102"))},
	{"xfrm-state-hao", nlcore.Add, "state", say("src", "fd00::1", "dst", "fd00::2", "proto", "hao", "mode", "ro", "coa", "fd00::3")},
	{"xfrm-state-esn", nlcore.Add, "state", state("0x306", "mode", "tunnel", "esn", true, "replay_window", 40, "replay_seq", 5,
		"replay_seq_hi", 1, "replay_oseq", 6, "replay_oseq_hi", 2, "enc", list("aes", aesKey))},
	{"xfrm-state-window", nlcore.Add, "state", state("0x307", "mode", "tunnel", "replay_window", 128, "enc", list("aes", aesKey))},
	{"xfrm-state-offload", nlcore.Add, "state", state("0x308", "enc", list("aes", aesKey), "dir", "in",
		"offload", slices.Concat(list("packet"), say("dev", "v1", "dir", "in")))},
	{"xfrm-state-update", nlcore.Update, "state", state("0x301", "mode", "tunnel", "enc", list("aes", aesKey))},
	{"xfrm-state-del", nlcore.Del, "state", state("0x301", "mark", "0x64/0xff")},
	{"xfrm-policy-tunnel", nlcore.Add, "policy", say("src", "10.0.0.0/24", "dst", "10.1.0.0/16", "dir", "out", "priority", 100, "tmpl", list(
		say("src", "10.0.0.1", "dst", "10.0.0.2", "proto", "esp", "spi", "0x301", "mode", "tunnel", "reqid", 7, "level", "use"),
		say("proto", "comp", "mode", "transport", "reqid", 8)))},
	{"xfrm-policy-all", nlcore.Add, "policy", say("src", "fd01::/64", "dst", "fd02::/48", "proto", "udp", "sport", 500, "dport", 4500,
		"dev", "v1", "dir", "in", "mark", "0x64/0xff", "index", 0x10, "ptype", "sub", "action", "block", "priority", 101,
		"localok", true, "icmp", true, "if_id", 0x42, "limit", allLimits)},
	{"xfrm-policy-icmp", nlcore.Update, "policy", say("src", "10.0.0.1", "dst", "10.0.0.2", "proto", "icmp", "type", 8, "code", 0, "dir", "fwd")},
	{"xfrm-policy-gre", nlcore.Add, "policy", say("src", "10.0.0.1", "dst", "10.0.0.2", "proto", "gre", "key", "1.2.3.4", "dir", "out")},
	{"xfrm-policy-any", nlcore.Add, "policy", say("dir", "out", "action", "block")},
	// A policy's offload has no direction of its own.
	{"xfrm-policy-offload", nlcore.Add, "policy", say("src", "10.0.0.1", "dst", "10.0.0.2", "dir", "out", "offload", slices.Concat(list("packet"), say("dev", "v1")))},
	{"xfrm-policy-del", nlcore.Del, "policy", say("src", "10.0.0.0/24", "dst", "10.1.0.0/16", "dir", "out", "mark", "0x64/0xff", "if_id", 0x42, "ptype", "sub")},
	{"xfrm-policy-del-index", nlcore.Del, "policy", say("index", 16, "dir", "in")},
}

// TestXfrmRequests holds what we send against what ip sends.
func TestXfrmRequests(t *testing.T) {
	for _, c := range xfrmCaptures {
		t.Run(c.name, func(t *testing.T) {
			var o nlcore.Object = &xfrm.State{}
			if c.kind == "policy" {
				o = &xfrm.Policy{}
			}
			for _, p := range c.say {
				if err := nlcore.SetField(nil, o, p.Key, asList(p.Val)); err != nil {
					t.Fatal(err)
				}
			}
			before := o.String()
			b := encoded(t, c.verb, o)
			if d := cmp.Diff(xfrmMessage(t, capturedBytes(t, c.name)), xfrmMessage(t, b)); d != "" {
				t.Errorf("-ip +ours:\n%s", d)
			}
			if o.String() != before {
				t.Errorf("encoding changed it to %v", o)
			}
		})
	}
}

// capturedBytes reads a file of testdata with one message.
func capturedBytes(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	var digits strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			digits.WriteString(strings.TrimSpace(line))
		}
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// asList turns a table whose members are all positional into a list.
func asList(v attr.Value) attr.Value {
	if v.Kind() != attr.KindTable {
		return v
	}
	var l []attr.Value
	for _, p := range v.Table() {
		if !strings.HasPrefix(p.Key, "#") {
			return v
		}
		l = append(l, p.Val)
	}
	return attr.ListOf(l)
}

// TestXfrmReadsBack decodes what ip sent to create, which is in the form in
// which the kernel tells it, and writes it again.
func TestXfrmReadsBack(t *testing.T) {
	for _, c := range xfrmCaptures {
		if c.verb == nlcore.Del {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			b := capturedBytes(t, c.name)
			var o nlcore.Object
			var err error
			if c.kind == "state" {
				s := &xfrm.State{}
				o, err = s, s.Decode(&attr.Env{}, b[nlHeader:])
			} else {
				p := &xfrm.Policy{}
				o, err = p, p.Decode(&attr.Env{}, b[nlHeader:])
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(xfrmMessage(t, b), xfrmMessage(t, encoded(t, c.verb, o))); d != "" {
				t.Errorf("-ip +ours:\n%s", d)
			}
		})
	}
}

// encoded writes the request of a change as it would be sent.
func encoded(t *testing.T, verb val.Verb, o nlcore.Object) []byte {
	t.Helper()
	mode := map[val.Verb]attr.Mode{nlcore.Add: attr.Create, nlcore.Update: attr.Create, nlcore.Del: attr.Delete}[verb]
	env := &attr.Env{Mode: mode, LinkIndex: func(r val.LinkRef) (int32, error) {
		if i := indexes[r.Name]; i != 0 {
			return i, nil
		}
		return 0, fmt.Errorf("no link %s", r)
	}}
	typ, flags, err := o.Header(verb)
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.Append(env, verb, make([]byte, nlHeader))
	if err != nil {
		t.Fatal(err)
	}
	ne.PutUint32(b, uint32(len(b)))
	ne.PutUint16(b[4:], typ)
	ne.PutUint16(b[6:], flags|1) // NLM_F_REQUEST
	return b
}
