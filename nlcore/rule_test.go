package nlcore_test

import (
	"encoding/hex"
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

func TestRuleVerbs(t *testing.T) {
	checkVerbs(t, &nlcore.Rule{}, []verbCase{
		{nlcore.Add, uapi.RTM_NEWRULE, 0x600, false},
		{nlcore.Del, uapi.RTM_DELRULE, 0, false},
		{nlcore.Replace, 0, 0, true},
		{nlcore.Set, 0, 0, true},
	})
}

// The bytes that `ip rule add` and `ip rule del` of iproute2 7.3 send, read by
// strace on a little-endian machine. A mark has its mask also where ip leaves it
// out, for a mark of 0 needs it.
func TestRuleBytes(t *testing.T) {
	p := netip.MustParsePrefix
	for _, c := range []struct {
		name string
		verb val.Verb
		in   nlcore.Rule
		want string
	}{
		{"add fwmark 5 table 9", nlcore.Add, nlcore.Rule{FwMark: val.Mark(5), Table: val.U32(9)}, "020000000900000100000000" + "08000a0005000000" + "08001000ffffffff"},
		{"add l3mdev", nlcore.Add, nlcore.Rule{L3MDev: val.On}, "020000000000000100000000" + "0500130001000000"},
		{"add goto 20000 uidrange 1-5", nlcore.Add, nlcore.Rule{Goto: val.U32(20000), UIDRange: val.Some(nlcore.UIDRange{First: 1, Last: 5})},
			"020000000000000200000000" + "0c0014000100000005000000" + "08000400204e0000"},
		{"del sport 80 table 900", nlcore.Del, nlcore.Rule{SPort: val.Some(nlcore.RulePorts{First: 80, Last: 80}), Table: val.U32(900)},
			"020000000000000000000000" + "0800170050005000" + "08000f0084030000"},
		{"add from 10.0.0.0/8", nlcore.Add, nlcore.Rule{From: p("10.0.0.0/8")}, "02000800fe00000100000000" + "080002000a000000"},
		{"add fwmark 0/0xffffffff", nlcore.Add, nlcore.Rule{FwMark: val.Mark(0)}, "02000000fe00000100000000" + "08000a0000000000" + "08001000ffffffff"},
	} {
		mode := attr.Create
		if c.verb == nlcore.Del {
			mode = attr.Delete
		}
		b, err := c.in.Append(&attr.Env{Mode: mode}, c.verb, nil)
		must(t, err)
		if got := hex.EncodeToString(b); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// What a rule refuses before the kernel is asked.
func TestRuleRefused(t *testing.T) {
	p := netip.MustParsePrefix
	six := val.Some(nlcore.Inet6)
	ports := func(first, last, mask uint16) val.Opt[nlcore.RulePorts] {
		return val.Some(nlcore.RulePorts{First: first, Last: last, Mask: mask})
	}
	for _, c := range []struct {
		name string
		in   nlcore.Rule
		want string
	}{
		{"families", nlcore.Rule{From: p("10.0.0.0/8"), To: p("fd00::/8")}, "to wants an inet address, got fd00::/8"},
		{"family", nlcore.Rule{From: p("10.0.0.0/8"), Family: six}, "family is inet6, but the addresses are inet"},
		{"no such family", nlcore.Rule{Family: val.Some(nlcore.MPLS)}, "family wants inet or inet6, got mpls"},
		{"flow label", nlcore.Rule{FlowLabel: val.Some(val.Masked[uint32]{Value: 1, Mask: 1})}, `flowlabel is for IPv6 only; say family="inet6"`},
		{"large flow label", nlcore.Rule{Family: six, FlowLabel: val.Some(val.Masked[uint32]{Value: 1 << 20})}, "flowlabel wants a number and a mask from 0 to 0xfffff, got 0x100000/0"},
		{"tunnel", nlcore.Rule{Family: six, TunID: 1}, "tun_id is for IPv4 only"},
		{"realms", nlcore.Rule{Family: six, Realms: val.U32(1)}, "realms is for IPv4 only"},
		{"tos and dscp", nlcore.Rule{Tos: 4, DSCP: val.Some(val.Masked[uint8]{Mask: 63})}, "dscp stands in place of tos, both are said"},
		{"goto without where", nlcore.Rule{Action: val.Some(nlcore.RuleGoto)}, "goto is required for action goto"},
		{"goto back", nlcore.Rule{Priority: val.U32(500), Goto: val.U32(500)}, "goto must be above priority 500, got 500"},
		{"goto and another action", nlcore.Rule{Action: val.Some(nlcore.RuleNop), Goto: val.U32(5)}, "goto is for action goto, not nop"},
		{"goto and table", nlcore.Rule{Goto: val.U32(5), Table: val.U32(5)}, "table is for action lookup, not goto"},
		{"VRF and table", nlcore.Rule{L3MDev: val.On, Table: val.U32(5)}, "table is that of the VRF with l3mdev, do not say it"},
		{"VRF and action", nlcore.Rule{L3MDev: val.On, Action: val.Some(nlcore.RuleNop)}, "l3mdev is for action lookup, not nop"},
		{"suppressor and action", nlcore.Rule{SuppressPrefixLength: val.U32(0), Action: val.Some(nlcore.RuleNop)}, "suppress_prefixlength and suppress_ifgroup are for action lookup, not nop"},
		{"suppressor", nlcore.Rule{SuppressPrefixLength: val.U32(129)}, "suppress_prefixlength wants a number from 0 to 128, got 129"},
		{"interface", nlcore.Rule{IIF: "sixteen letters!"}, `iif wants an interface's name of at most 15 characters, got "sixteen letters!"`},
		{"users", nlcore.Rule{UIDRange: val.Some(nlcore.UIDRange{First: 2, Last: 1})}, "uidrange wants a range whose end is not below its start, got 2-1"},
		{"port zero", nlcore.Rule{SPort: ports(0, 5, 0)}, "sport wants ports from 1 to 65535 whose end is not below their start, got 0-5"},
		{"masked range", nlcore.Rule{DPort: ports(1, 5, 1)}, "dport wants a mask with a single port only, got 1-5 with mask 0x1"},
	} {
		_, err := c.in.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v, want %s", c.name, err, c.want)
		}
	}
}

// What is set by key reads back as ip prints it.
func TestRuleKeys(t *testing.T) {
	text := attr.StringOf
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"priority", attr.IntOf(0), "0"},
		{"pref", attr.IntOf(5), "5"},
		{"not", attr.BoolOf(true), "true"},
		{"from", text("10.0.0.0/8"), "10.0.0.0/8"},
		{"from", text("10.0.0.1"), "10.0.0.1"},
		{"from", text("all"), "all"},
		{"to", text("::/0"), "all"},
		{"iif", text("eth0"), "eth0"},
		{"dev", attr.LinkOf(val.LinkName("eth0")), "eth0"},
		{"fwmark", text("0x64/0xff"), "0x64/0xff"},
		{"fwmark", text("0x64/0xffffffff"), "0x64"},
		{"fwmark", text("100/255"), "0x64/0xff"},
		{"fwmark", attr.IntOf(100), "0x64"},
		{"fwmark", attr.IntOf(0), "0"},
		{"tos", text("0x10"), "16"},
		{"dscp", text("CS1"), "CS1"},
		{"dscp", attr.IntOf(8), "CS1"},
		{"dscp", attr.IntOf(1), "1"},
		{"dscp", text("8/0x38"), "0x8/0x38"},
		{"dscp", text("EF"), "EF"},
		{"flowlabel", text("0x12345"), "0x12345"},
		{"flowlabel", text("0x45/0xff"), "0x45/0xff"},
		{"uidrange", text("1-5"), "1-5"},
		{"uidrange", attr.IntOf(7), "7-7"},
		{"ipproto", text("tcp"), "tcp"},
		{"sport", attr.IntOf(80), "80"},
		{"dport", text("80-90"), "80-90"},
		{"dport", text("80"), "80"},
		{"dport", text("80/0xfff0"), "0x50/0xfff0"},
		{"dport", text("80/0xffff"), "80"},
		{"tun_id", attr.UintOf(1 << 60), "1152921504606846976"},
		{"l3mdev", attr.BoolOf(true), "true"},
		{"action", text("blackhole"), "blackhole"},
		{"action", text("unicast"), "lookup"},
		{"lookup", text("main"), "main"},
		{"table", attr.IntOf(1000), "1000"},
		{"goto", attr.IntOf(600), "600"},
		{"suppress_prefixlength", attr.IntOf(0), "0"},
		{"suppress_ifgroup", text("default"), "default"},
		{"realms", text("1/2"), "1/2"},
		{"proto", text("static"), "static"},
		{"family", text("inet6"), "inet6"},
	} {
		r := &nlcore.Rule{}
		if err := nlcore.SetField(nil, r, c.key, c.in); err != nil {
			t.Errorf("%s=%v: %v", c.key, c.in, err)
			continue
		}
		if got, ok := nlcore.Field(nil, r, c.key); !ok || got.String() != c.want {
			t.Errorf("%s=%v: got %v, want %s", c.key, c.in, got, c.want)
		}
	}
}

func TestRuleKeysRefused(t *testing.T) {
	const mask = ` wants a number, or a number and its mask like "0x10/0x30", each from 0 to 0x`
	text := attr.StringOf
	for _, c := range []struct {
		key  string
		in   attr.Value
		want string
	}{
		{"fwmark", text("0x64/"), "fwmark" + mask + `ffffffff, got "0x64/"`},
		{"fwmark", text("/0xff"), "fwmark" + mask + `ffffffff, got "/0xff"`},
		{"fwmark", attr.UintOf(1 << 32), "fwmark" + mask + `ffffffff, got 4294967296`},
		{"fwmark", attr.IntOf(-1), "fwmark" + mask + `ffffffff, got -1`},
		{"flowlabel", text("0x100000"), "flowlabel" + mask + `fffff, got "0x100000"`},
		{"dscp", text("CS9"), `dscp wants a word, a number, or a number and its mask like "0x10/0x30", each from 0 to 0x3f, got "CS9"`},
		{"iif", attr.IntOf(3), "iif wants an interface's name or object, for the rule keeps the name; got 3"},
		{"uidrange", text("5-1"), `uidrange wants a user or a range like "1000-1999", each from 0 to 4294967295, got "5-1"`},
		{"sport", attr.IntOf(0), `sport wants a port, a range like "80-90" or a port and its mask like "0x50/0xfff0", each from 1 to 65535, got "0"`},
		{"dport", text("80-90/0xff"), `dport wants a port, a range like "80-90" or a port and its mask like "0x50/0xfff0", each from 1 to 65535, got "80-90/0xff"`},
		{"ipproto", attr.IntOf(0), "ipproto wants a number from 1 to 255, got 0"},
		{"from", text("10.0.0"), `from wants a prefix like "10.0.0.0/8" or "2001:db8::/32", got "10.0.0"`},
	} {
		err := nlcore.SetField(nil, &nlcore.Rule{}, c.key, c.in)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got error %v\nwant %s", c.key, err, c.want)
		}
	}
}

func TestRuleString(t *testing.T) {
	for _, c := range []struct {
		in   nlcore.Rule
		want string
	}{
		{nlcore.Rule{}, ""},
		{nlcore.Rule{Priority: val.U32(500), Not: val.On, FwMark: val.MarkMask(0x64, 0xff), IIF: "d0", Table: val.U32(100)},
			"500 not iif d0 fwmark 0x64/0xff table 100"},
		{nlcore.Rule{Priority: val.U32(9), From: netip.MustParsePrefix("0.0.0.0/0"), Goto: val.U32(600), Action: val.Some(nlcore.RuleGoto)}, "9 goto 600"},
		{nlcore.Rule{Family: val.Some(nlcore.Inet6), Action: val.Some(nlcore.RuleProhibit)}, "prohibit family inet6"},
	} {
		if got := c.in.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func FuzzRule(f *testing.F) {
	for _, c := range ruleCases {
		b, err := c.ours.Append(&attr.Env{Mode: attr.Create}, nlcore.Add, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { fuzzObject(t, &nlcore.Rule{}, &nlcore.Rule{}, b) })
}
