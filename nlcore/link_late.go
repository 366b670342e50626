package nlcore

import (
	"sync"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
	"nlsh/nlcore/val"
)

// Some attributes the kernel heeds only for a link that exists: it creates
// the link without them and reports success. They are said in a second
// request.

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

// lateSteps say what creation does not heed.
func lateSteps(v val.Verb, l *LinkAttrs, ref val.LinkRef, there val.NetnsRef) []step {
	if v == Set || !l.late() {
		return nil
	}
	rest := about(ref)
	from, to := linkTable.View(l), linkTable.View(&rest.LinkAttrs)
	for _, key := range lateKeys() {
		if x, ok := from.Get(nil, key); ok {
			_, _ = to.Set(nil, key, x) // its own value cannot be refused
		}
	}
	return []step{{change: Change{Verb: Set, Object: rest, Netns: there}}}
}

// upAfter reports that the link must not come up at once: IPv6 makes its
// address then, by the mode.
func (l *LinkAttrs) upAfter() bool { return l.Up.Or(false) && !l.AddrGenMode.IsZero() }

// upStep brings a link up that was created.
func upStep(ref val.LinkRef, there val.NetnsRef) step {
	l := about(ref)
	l.Up = val.On
	return step{change: Change{Verb: Set, Object: l, Netns: there}}
}

// createdDown is a link whose message leaves out that it is up.
type createdDown struct{ Link }

func (c createdDown) Append(e *attr.Env, v val.Verb, b []byte) ([]byte, error) {
	start := len(b)
	b, err := c.Link.Append(e, v, b)
	if err == nil {
		for _, off := range []int{8, 12} { // ifi_flags, ifi_change
			word := b[start+off:]
			ne.PutUint32(word, ne.Uint32(word)&^uapi.IFF_UP)
		}
	}
	return b, err
}
