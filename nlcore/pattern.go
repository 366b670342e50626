package nlcore

import (
	"slices"

	"nlsh/nlcore/attr"
)

// pattern is what a list's entries must agree with: values by key. The zero
// pattern agrees with all.
type pattern struct {
	env  *attr.Env
	said []attr.Pair
}

// patternOf takes what o says, but for the keys that the kernel filters by.
func patternOf(e *attr.Env, o Object, but ...string) pattern {
	p := pattern{env: e}
	for _, w := range o.Views() {
		for _, f := range w.Fields(e) {
			if !slices.Contains(but, f.Key) {
				p.said = append(p.said, f)
			}
		}
	}
	return p
}

// with reports that o says the same. Values agree when they read the same.
func (p pattern) with(o Object) bool {
	for _, want := range p.said {
		got, ok := Field(p.env, o, want.Key)
		if !ok || !attr.Same(got, want.Val) {
			return false
		}
	}
	return true
}
