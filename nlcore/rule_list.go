package nlcore

import (
	"context"
	"iter"
	"syscall"

	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

var ruleClass = Class{
	Name:  "rule",
	Key:   "priority",
	Verbs: []val.Verb{Add, Del},
	New:   func(string) Object { return &Rule{} },
	Each:  eachRule,
	Get:   getRule,
}

// RuleAdd adds a rule; EEXIST where there is one that is the same in all that
// tells rules apart.
func (h *Handle) RuleAdd(ctx context.Context, r *Rule) error {
	return h.Apply(ctx, Change{Verb: Add, Object: r})
}

// RuleDel removes the first rule that agrees with all that r says; ENOENT
// where there is none. A rule for packets from anywhere cannot say so: where
// another with the same priority and action stands before it, that one goes.
func (h *Handle) RuleDel(ctx context.Context, r *Rule) error {
	return h.Apply(ctx, Change{Verb: Del, Object: r})
}

// RuleList lists the rules that agree with all that like says, in the order
// in which the kernel asks them: those of IPv4, then those of IPv6. Nil is
// all.
func (h *Handle) RuleList(ctx context.Context, like *Rule) ([]Rule, error) {
	q := query{op: "rule list", ask: uapi.RTM_GETRULE, answer: uapi.RTM_NEWRULE}
	families := []Family{Inet, Inet6}
	if like != nil && (!like.Family.IsZero() || like.From.IsValid() || like.To.IsValid()) {
		families = []Family{like.family()}
	} else {
		q.lacks = syscall.EAFNOSUPPORT // a kernel without IPv6 has no rules for it
	}
	for _, f := range families {
		head := make([]byte, uapi.SizeofFibRuleHdr)
		head[0] = byte(f)
		q.bodies = append(q.bodies, head)
	}
	agree := pattern{env: h.readEnv(ctx)}
	if like != nil {
		agree = patternOf(agree.env, like, "family")
	}
	return list(ctx, h, &q, agree, ruleTable.Decode)
}

func eachRule(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	r, _ := like.(*Rule)
	return whole(func() ([]Rule, error) { return h.RuleList(ctx, r) })
}

// getRule is the first rule that agrees with what like says, but for what
// the kernel chose or may change.
func getRule(ctx context.Context, h *Handle, like Object) (Object, error) {
	r := *like.(*Rule)
	r.Family.Set(r.family())
	if r.Table.Or(0) == 0 {
		r.Table.Clear()
	}
	for _, read := range []*val.Opt[bool]{&r.Unresolved, &r.IIFDetached, &r.OIFDetached, &r.Permanent} {
		read.Clear()
	}
	l, err := h.RuleList(ctx, &r)
	if err == nil && len(l) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, explainOp("rule get", r.String(), err)
	}
	return &l[0], nil
}
