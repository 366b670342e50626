package nlcore

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// monitorKind is how the kernel tells of a class of objects.
type monitorKind struct {
	class          *Class
	groups         []uint32
	added, deleted uint16 // types of messages
	header         int    // length
	// skips are bytes of the header that say nothing of the object.
	skips [2]int
	// about reports a message that is about such an object.
	about func(body []byte) bool
	// key appends what all messages about one object have alike, and those of
	// others have not. Of routes several can be beside each other: see
	// monitor_route.go.
	key func(b, body []byte) []byte
	// own are the attributes that change by themselves.
	own func(body []byte) changing
	// also compares what own leaves out in part; nil: nothing.
	also func(a, b []byte) bool
	// lists are the requests that read them all.
	lists  []listing
	decode func(e *attr.Env, body []byte) (Object, error)
}

// listing is a list of the kernel, of one family or of all (0).
type listing struct {
	family byte
	typ    uint16
	body   []byte
}

// changing says which attributes are not compared: those with nil not at all,
// of the others what stands inside them.
type changing map[uint16]changing

// monitorKinds are all, sorted by name.
var monitorKinds = [...]*monitorKind{&monitorAddr, &monitorLink, &monitorNeigh, &monitorRoute, &monitorRule}

// SubscribeKinds lists the classes that a Subscription can tell of, sorted.
func SubscribeKinds() []string {
	var l []string
	for _, k := range monitorKinds {
		l = append(l, k.class.Name)
	}
	return l
}

// chooseKinds finds kinds by name; none are all.
func chooseKinds(names []string) ([]*monitorKind, error) {
	if len(names) == 0 {
		return monitorKinds[:], nil
	}
	var l []*monitorKind
	for _, name := range names {
		i := slices.IndexFunc(monitorKinds[:], func(k *monitorKind) bool { return k.class.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no events of kind %q: there are %s", name, strings.Join(SubscribeKinds(), ", "))
		}
		if !slices.Contains(l, monitorKinds[i]) {
			l = append(l, monitorKinds[i])
		}
	}
	return l, nil
}

// bothFamilies are the lists of a class that are read by family.
func bothFamilies(typ uint16, header int) []listing {
	var l []listing
	for _, family := range []byte{uapi.AF_INET, uapi.AF_INET6} {
		body := make([]byte, header)
		body[0] = family
		l = append(l, listing{family, typ, body})
	}
	return l
}

func isIP(body []byte) bool { return body[0] == uapi.AF_INET || body[0] == uapi.AF_INET6 }

func decodeAs(c *Class) func(e *attr.Env, body []byte) (Object, error) {
	return func(e *attr.Env, body []byte) (Object, error) {
		o := c.New("")
		return o, o.Views()[0].Decode(e, body)
	}
}

// unchanged reports that two messages about one object say the same, but for
// what changes by itself.
func (k *monitorKind) unchanged(a, b []byte) bool {
	from, to := k.skips[0], k.skips[1]
	if !bytes.Equal(a[:from], b[:from]) || !bytes.Equal(a[to:k.header], b[to:k.header]) {
		return false
	}
	return sameAttrs(a[k.header:], b[k.header:], k.own(b)) && (k.also == nil || k.also(a, b))
}

// sameAttrs compares attributes in their order.
func sameAttrs(a, b []byte, but changing) bool {
	for {
		x, restA, moreA := nextCompared(a, but)
		y, restB, moreB := nextCompared(b, but)
		if !moreA || !moreB {
			return moreA == moreB
		}
		if x.ID != y.ID {
			return false
		}
		if inner := but[x.ID]; inner != nil {
			if !sameAttrs(x.Data, y.Data, inner) {
				return false
			}
		} else if !bytes.Equal(x.Data, y.Data) {
			return false
		}
		a, b = restA, restB
	}
}

// nextCompared is the next attribute that counts.
func nextCompared(b []byte, but changing) (t attr.TLV, rest []byte, more bool) {
	for len(b) > 0 {
		t, rest, err := attr.Next(b)
		if err != nil {
			return t, nil, false
		}
		if inner, listed := but[t.ID]; !listed || inner != nil {
			return t, rest, true
		}
		b = rest
	}
	return t, nil, false
}
