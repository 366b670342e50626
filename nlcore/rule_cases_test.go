package nlcore_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
	"nlsh/nlcore/val"
)

// What rules need of the kernel, beyond rules.
var (
	ruleDSCP  = ruleFeature("rules by DSCP", "6.12", "CONFIG_IP_MULTIPLE_TABLES", "inet", "dscp", "8")
	ruleFlow  = ruleFeature("rules by flow label", "6.14", "CONFIG_IPV6_MULTIPLE_TABLES", "inet6", "flowlabel", "8")
	ruleMasks = ruleFeature("rules by masked ports", "6.15", "CONFIG_IP_MULTIPLE_TABLES", "inet", "sport", "80/0xfff0")
	ruleRealm = ruleFeature("rules with realms", "", "CONFIG_IP_ROUTE_CLASSID", "inet", "realms", "1/2")
	ruleVRF   = ruleFeature("rules by VRF", "4.8", "CONFIG_NET_L3_MASTER_DEV", "inet", "l3mdev", "on")
)

// ruleFeature is there where the kernel keeps what a rule says in the field;
// older ones take it and ignore what they do not know.
func ruleFeature(name, since, config, family, key, text string) *nstest.Feature {
	return &nstest.Feature{Name: name, Since: since, Config: config, Probe: func(t testing.TB, ns *netns.NS) error {
		h, err := nlcore.NewHandleAt(ns, nil)
		must(t, err)
		defer h.Close()
		r := &nlcore.Rule{}
		must(t, nlcore.SetField(nil, r, "family", attr.StringOf(family)))
		must(t, nlcore.SetField(nil, r, key, attr.StringOf(text)))
		if err := h.RuleAdd(context.Background(), r); err != nil {
			return err
		}
		want, _ := nlcore.Field(h.Env(), r, key)
		rules, err := h.RuleList(context.Background(), nil)
		must(t, err)
		for i := range rules {
			if got, ok := nlcore.Field(h.Env(), &rules[i], key); ok && got.String() == want.String() {
				return nil
			}
		}
		return errors.New(key + " was not kept")
	}}
}

type ruleCase struct {
	name  string
	ip    string
	ours  nlcore.Rule
	needs *nstest.Feature
}

// ruleCases are rules as ip makes them and as we do.
var ruleCases = func() []ruleCase {
	p, prio := netip.MustParsePrefix, val.U32(500)
	ports := func(first, last, mask uint16) val.Opt[nlcore.RulePorts] {
		return val.Some(nlcore.RulePorts{First: first, Last: last, Mask: mask})
	}
	action := func(a nlcore.RuleAction) val.Opt[nlcore.RuleAction] { return val.Some(a) }
	return []ruleCase{
		{"no priority", "from 10.0.0.1 table 100", nlcore.Rule{From: p("10.0.0.1/32"), Table: val.U32(100)}, nil},
		{"priority zero", "from 10.0.0.1 table 100 priority 0", nlcore.Rule{Priority: val.U32(0), From: p("10.0.0.1/32"), Table: val.U32(100)}, nil},
		{"addresses", "from 10.0.0.0/8 to 10.1.0.0/16 priority 500", nlcore.Rule{Priority: prio, From: p("10.0.0.0/8"), To: p("10.1.0.0/16")}, nil},
		{"bits beyond the length", "from 10.0.0.1/8 priority 500", nlcore.Rule{Priority: prio, From: p("10.0.0.1/8")}, nil},
		{"from all", "from all to 10.1.0.1 priority 500", nlcore.Rule{Priority: prio, From: p("0.0.0.0/0"), To: p("10.1.0.1/32")}, nil},
		{"IPv6", "-6 from fd00::/64 to fd01::1 table 1000 priority 500", nlcore.Rule{Priority: prio, From: p("fd00::/64"), To: p("fd01::1/128"), Table: val.U32(1000)}, nil},
		{"IPv6 by family", "-6 table 100 priority 500", nlcore.Rule{Priority: prio, Family: val.Some(nlcore.Inet6), Table: val.U32(100)}, nil},
		{"not, mark, iif", "not fwmark 0x64/0xff iif d0 table 100 priority 500",
			nlcore.Rule{Priority: prio, Not: val.On, FwMark: val.MarkMask(0x64, 0xff), IIF: "d0", Table: val.U32(100)}, nil},
		{"whole mark", "fwmark 0x64 table 1000 priority 500", nlcore.Rule{Priority: prio, FwMark: val.Mark(0x64), Table: val.U32(1000)}, nil},
		{"no mark", "fwmark 0/0xffffffff priority 500", nlcore.Rule{Priority: prio, FwMark: val.Mark(0)}, nil},
		{"masked no mark", "fwmark 0/0xff priority 500", nlcore.Rule{Priority: prio, FwMark: val.MarkMask(0, 0xff)}, nil},
		{"interfaces that are not there", "iif gone oif d0 priority 500", nlcore.Rule{Priority: prio, IIF: "gone", OIF: "d0"}, nil},
		{"tos", "tos 0x10 priority 500", nlcore.Rule{Priority: prio, Tos: 0x10}, nil},
		{"dscp", "dscp CS1 priority 500", nlcore.Rule{Priority: prio, DSCP: val.Some(val.Masked[uint8]{Value: 8, Mask: 63})}, ruleDSCP},
		{"dscp zero", "dscp 0 priority 500", nlcore.Rule{Priority: prio, DSCP: val.Some(val.Masked[uint8]{Mask: 63})}, ruleDSCP},
		{"masked dscp", "dscp 8/0x38 priority 500", nlcore.Rule{Priority: prio, DSCP: val.Some(val.Masked[uint8]{Value: 8, Mask: 0x38})}, ruleMasks},
		{"flow label", "-6 flowlabel 0x12345 priority 500", nlcore.Rule{Priority: prio, Family: val.Some(nlcore.Inet6), FlowLabel: val.Some(val.Masked[uint32]{Value: 0x12345, Mask: 0xfffff})}, ruleFlow},
		{"masked flow label", "-6 flowlabel 0x45/0xff priority 500", nlcore.Rule{Priority: prio, Family: val.Some(nlcore.Inet6), FlowLabel: val.Some(val.Masked[uint32]{Value: 0x45, Mask: 0xff})}, ruleFlow},
		{"users, protocol, ports", "uidrange 1-5 ipproto tcp sport 80 dport 80-90 priority 500",
			nlcore.Rule{Priority: prio, UIDRange: val.Some(nlcore.UIDRange{First: 1, Last: 5}), IPProto: val.Some(nlcore.IPProto(6)), SPort: ports(80, 80, 0), DPort: ports(80, 90, 0)}, nil},
		{"user zero, odd protocol", "uidrange 0-0 ipproto 200 priority 500", nlcore.Rule{Priority: prio, UIDRange: val.Some(nlcore.UIDRange{}), IPProto: val.Some(nlcore.IPProto(200))}, nil},
		{"masked ports", "sport 80/0xfff0 dport 4096/0xf000 priority 500", nlcore.Rule{Priority: prio, SPort: ports(80, 80, 0xfff0), DPort: ports(4096, 4096, 0xf000)}, ruleMasks},
		{"tunnel", "tun_id 77 priority 500", nlcore.Rule{Priority: prio, TunID: 77}, nil},
		{"VRF", "l3mdev priority 500", nlcore.Rule{Priority: prio, L3MDev: val.On}, ruleVRF},
		{"goto", "goto 600 priority 500", nlcore.Rule{Priority: prio, Goto: val.U32(600)}, nil},
		{"goto a rule", "goto 32766 priority 500", nlcore.Rule{Priority: prio, Goto: val.U32(32766)}, nil},
		{"nop", "nop priority 500", nlcore.Rule{Priority: prio, Action: action(nlcore.RuleNop)}, nil},
		{"blackhole", "blackhole priority 500", nlcore.Rule{Priority: prio, Action: action(nlcore.RuleBlackhole)}, nil},
		{"unreachable", "unreachable priority 500", nlcore.Rule{Priority: prio, Action: action(nlcore.RuleUnreachable)}, nil},
		{"prohibit", "-6 prohibit priority 500", nlcore.Rule{Priority: prio, Family: val.Some(nlcore.Inet6), Action: action(nlcore.RuleProhibit)}, nil},
		{"suppressors", "table main suppress_prefixlength 0 suppress_ifgroup 5 priority 500",
			nlcore.Rule{Priority: prio, SuppressPrefixLength: val.U32(0), SuppressIfGroup: val.U32(5)}, nil},
		{"realms and protocol", "realms 1/2 protocol static priority 500", nlcore.Rule{Priority: prio, Realms: val.U32(1<<16 | 2), Protocol: val.U8(4)}, ruleRealm},
	}
}()

// Every row that can be said is said by a case that is compared with ip.
func TestRuleCasesSayEveryRow(t *testing.T) {
	said := map[string]bool{}
	for _, c := range ruleCases {
		for _, m := range c.ours.Views()[0].Schema().Members(nil) {
			said[m.Key] = said[m.Key] || c.ours.Views()[0].Has(m.Key)
		}
	}
	for _, m := range new(nlcore.Rule).Views()[0].Schema().Members(nil) {
		if !said[m.Key] && (m.Modes != 0 || m.Local) {
			t.Errorf("no case says %s", m.Key)
		}
	}
}
