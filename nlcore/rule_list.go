package nlcore

import (
	"context"
	"errors"
	"iter"
	"syscall"

	"nlsh/nlcore/internal/nl"
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
	families := []Family{Inet, Inet6}
	if like != nil && (!like.Family.IsZero() || like.From.IsValid() || like.To.IsValid()) {
		families = []Family{like.family()}
	}
	var l []Rule
	env := h.readEnv(ctx)
	agree := pattern{}
	if like != nil {
		agree = patternOf(env, like, "family")
	}
	for _, f := range families {
		from := len(l)
		head := make([]byte, uapi.SizeofFibRuleHdr)
		head[0] = byte(f)
		err := h.collect(ctx, uapi.RTM_GETRULE, raw(head), func() { l = l[:from] }, func(m nl.Message) error {
			if m.Type != uapi.RTM_NEWRULE {
				return nil
			}
			l = append(l, Rule{})
			last := &l[len(l)-1]
			if err := ruleTable.Decode(env, last, m.Data); err != nil {
				return err
			}
			if !agree.with(last) {
				l = l[:len(l)-1]
			}
			return nil
		})
		// A kernel without IPv6 has no rules for it.
		if err != nil && !(len(families) > 1 && errors.Is(err, syscall.EAFNOSUPPORT)) {
			return nil, explainOp("rule list", "", err)
		}
	}
	return l, nil
}

func eachRule(ctx context.Context, h *Handle, like Object) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		r, _ := like.(*Rule)
		l, err := h.RuleList(ctx, r)
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range l {
			if !yield(&l[i], nil) {
				return
			}
		}
	}
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
