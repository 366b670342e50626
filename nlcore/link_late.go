package nlcore

import (
	"reflect"
	"sync"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// Some attributes the kernel heeds only for a link that exists: it creates
// the link without them and reports success. They are said in a second
// request, and so is what can be said only where the link went.

// lateKeys are the keys of the rows that are sent when changing only.
var lateKeys = sync.OnceValue(func() []string {
	var keys []string
	for _, m := range linkTable.Schema().Members(nil) {
		if m.Modes&attr.Write == attr.Change && m.Key != "new_index" {
			keys = append(keys, m.Key)
		}
	}
	return keys
})

// late reports that something is said which creation does not heed.
func (l *LinkAttrs) late() bool {
	view := linkTable.View(l)
	for _, key := range lateKeys() {
		if view.Has(key) {
			return true
		}
	}
	return false
}

// masterThere reports that the master is one of the namespace that the link
// goes to: only there its name and index mean it.
func (l *LinkAttrs) masterThere() bool { return !l.Netns.IsZero() && !l.Master.IsZero() }

// upAfter reports that a link must not come up at once: IPv6 makes its
// address then, by the mode.
func (l *LinkAttrs) upAfter() bool { return l.Up.Or(false) && !l.AddrGenMode.IsZero() }

// firstPart is the link without what lateSteps say.
func firstPart(v val.Verb, l Link) Link {
	a := l.Attrs()
	down := v != Set && a.upAfter()
	if !down && !a.masterThere() {
		return l
	}
	same := reflect.New(reflect.TypeOf(l).Elem())
	same.Elem().Set(reflect.ValueOf(l).Elem())
	part := same.Interface().(Link)
	if down {
		part.Attrs().Up.Clear()
	}
	if a.masterThere() {
		part.Attrs().Master = val.LinkRef{}
	}
	return part
}

// lateSteps say what the first message could not. Of a veth's peer that is
// the master, too, and that it is up.
func lateSteps(v val.Verb, l *LinkAttrs, ref val.LinkRef, there val.NetnsRef, peer bool) []step {
	rest := about(ref)
	if v != Set {
		from, to := linkTable.View(l), linkTable.View(&rest.LinkAttrs)
		for _, key := range lateKeys() {
			if x, ok := from.Get(nil, key); ok {
				_, _ = to.Set(nil, key, x) // a field's own value is never refused
			}
		}
	}
	if peer || l.masterThere() {
		rest.Master = l.Master
	}
	var steps []step
	if saidFields(rest) > 0 {
		steps = append(steps, step{change: Change{Verb: Set, Object: rest, Netns: there}})
	}
	if peer && l.Up.Or(false) || v != Set && l.upAfter() {
		up := about(ref)
		up.Up = val.On
		steps = append(steps, step{change: Change{Verb: Set, Object: up, Netns: there}})
	}
	return steps
}
