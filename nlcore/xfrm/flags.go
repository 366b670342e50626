package xfrm

import "nlsh/nlcore/attr"

// stateFlags lists the flags of a state that are on, in iproute2's words.
type stateFlags struct{}

var stateFlagWords = [...]string{
	"noecn", "decap_dscp", "nopmtudisc", "wildrecv", "icmp", "af_unspec", "align4", "esn",
	"dont_encap_dscp", "oseq_may_wrap",
}

func (stateFlags) Decode(*attr.Env, *State, []byte) error                 { return nil }
func (stateFlags) Append(_ *attr.Env, b []byte, _ *State) ([]byte, error) { return b, nil }
func (stateFlags) Has(s *State) bool                                      { return !s.NoECN.IsZero() }
func (stateFlags) Set(*attr.Env, *State, attr.Value) error                { return attr.ErrReadOnly }
func (stateFlags) Get(_ *attr.Env, s *State) attr.Value {
	return flagsOn(stateTable.View(s), stateFlagWords[:])
}
func (stateFlags) Width() int   { return 0 }
func (stateFlags) Kind() string { return "list of flags" }

// policyFlags lists those of a policy.
type policyFlags struct{}

var policyFlagWords = [...]string{"localok", "icmp", "cpu_acquire"}

func (policyFlags) Decode(*attr.Env, *Policy, []byte) error                 { return nil }
func (policyFlags) Append(_ *attr.Env, b []byte, _ *Policy) ([]byte, error) { return b, nil }
func (policyFlags) Has(p *Policy) bool                                      { return !p.LocalOK.IsZero() }
func (policyFlags) Set(*attr.Env, *Policy, attr.Value) error                { return attr.ErrReadOnly }
func (policyFlags) Get(_ *attr.Env, p *Policy) attr.Value {
	return flagsOn(policyTable.View(p), policyFlagWords[:])
}
func (policyFlags) Width() int   { return 0 }
func (policyFlags) Kind() string { return "list of flags" }

func flagsOn(w attr.View, words []string) attr.Value {
	var l []attr.Value
	for _, word := range words {
		if v, ok := w.Get(nil, word); ok && v.Bool() {
			l = append(l, attr.StringOf(word))
		}
	}
	return attr.ListOf(l)
}
