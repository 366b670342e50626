package witness

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

// vlan is a copy of a part of nlcore's table, for mistakes to be made in.
type vlan struct {
	ID       val.Opt[uint16]
	Wide     val.Opt[uint32]
	Protocol val.Opt[uint16]
}

var (
	right      = vlanTable(func(v *vlan) attr.Field { return attr.Uint16(&v.ID) }, 5, func(v *vlan) attr.Field { return attr.BE16(&v.Protocol) })
	wrongID    = vlanTable(func(v *vlan) attr.Field { return attr.Uint16(&v.ID) }, 4, func(v *vlan) attr.Field { return attr.BE16(&v.Protocol) })
	wrongOrder = vlanTable(func(v *vlan) attr.Field { return attr.Uint16(&v.ID) }, 5, func(v *vlan) attr.Field { return attr.Uint16(&v.Protocol) })
	wrongWidth = vlanTable(func(v *vlan) attr.Field { return attr.Uint32(&v.Wide) }, 5, func(v *vlan) attr.Field { return attr.BE16(&v.Protocol) })
)

func vlanTable(id func(*vlan) attr.Field, protocolID uint16, protocol func(*vlan) attr.Field) *attr.Table[vlan] {
	return &attr.Table[vlan]{Name: "vlan", Rows: func(v *vlan, d *attr.Def) {
		d.Attr(1, "id", id(v).Range(0, 4094))
		d.Attr(protocolID, "protocol", protocol(v))
	}}
}

// TestMistakes makes the mistakes that neither the compiler nor a round trip
// finds.
func TestMistakes(t *testing.T) {
	facts, err := ReadFacts()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		table *attr.Table[vlan]
		want  []Difference
	}{
		{"none", right, nil},
		{"a wrong id", wrongID, []Difference{
			{"vlan.protocol", "name", "protocol", "INGRESS_QOS"},
			{"vlan.protocol", "type", "be16/2", "code nest"},
			{"vlan.protocol", "type", "be16/2", "policy nested"},
			{"vlan.protocol", "type", "be16/2", "spec nest"},
		}},
		{"a wrong byte order", wrongOrder, []Difference{
			{"vlan.protocol", "order", "read in host order", "code be16"},
			{"vlan.protocol", "order", "read in host order", "spec big-endian"},
			{"vlan.protocol", "order", "u16", "code be16"},
			{"vlan.protocol", "order", "u16", "spec big-endian"},
		}},
		{"a wrong width", wrongWidth, []Difference{
			{"vlan.id", "type", "u32/4", "code u16"},
			{"vlan.id", "type", "u32/4", "policy u16"},
			{"vlan.id", "type", "u32/4", "spec u16"},
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			found := Compare(Walk(new(attr.Env), []*attr.Schema{tc.table.Schema()}), facts, Mentions{"vlan": {"id": true, "protocol": true}})
			found = slices.DeleteFunc(found, func(d Difference) bool { return d.Check == "missing" })
			if d := cmp.Diff(tc.want, found, sorted); d != "" {
				t.Errorf("-want +found:\n%s", d)
			}
		})
	}
}

var sorted = cmp.Transformer("sorted", func(l []Difference) []string {
	var s []string
	for _, d := range l {
		s = append(s, d.String())
	}
	slices.Sort(s)
	return s
})

// alike are wrong ids that no table shows: the other attribute has the same
// type and our key as its name. The tests against iproute2 show these.
var alike = map[string]int64{
	"addr.address": 1, // IFA_ADDRESS for IFA_LOCAL
	"route.src":    2, // RTA_SRC for RTA_PREFSRC
}

// A mistake is a row with one thing wrong.
type mistake struct {
	what string
	row  Row
}

// mistakes are those that can be made in a row: every wrong id of its set,
// another width, and a turned byte order where a table knows the right one.
func mistakes(r Row, set string, facts Facts) []mistake {
	var l []mistake
	for _, f := range facts[set] {
		if f.ID != int64(r.ID) && f.ID != int64(r.ID6) && f.ID != alike[r.Path()] {
			wrong := r
			wrong.ID = uint16(f.ID)
			l = append(l, mistake{"a wrong id", wrong})
		}
	}
	f := facts.ByID(set, int64(r.ID))
	if !isNumber(r.Type) || f == nil || f.Spec == "" && f.Policies == nil && f.Code == nil {
		return l
	}
	wrong := r
	wrong.Type, wrong.Width = otherWidth(r.Type), numberWidth(otherWidth(r.Type))
	l = append(l, mistake{"a wrong width", wrong})
	if known := len(orders(f)) > 0; known && numberWidth(r.Type) > 1 && r.Type[0] != 's' {
		wrong = r
		wrong.Type, wrong.Observe = otherOrder(r.Type), nil
		l = append(l, mistake{"a wrong byte order", wrong})
	}
	return l
}

// TestEveryMistake makes each mistake in each attribute of ours: all have to
// be found.
func TestEveryMistake(t *testing.T) {
	places, facts, mentions, list := all(t)
	explained := map[Difference]bool{}
	for _, x := range list {
		explained[x.Difference] = true
	}
	made := map[string]int{}
	for i := range places {
		set := Sets[places[i].Name]
		if set == wordOnly || strings.HasPrefix(set, "struct ") {
			continue
		}
		for _, r := range places[i].Rows {
			if r.Known || r.Type == "" && r.Width == 0 {
				continue
			}
			for _, m := range mistakes(r, set, facts) {
				made[m.what]++
				one := comparison{facts: facts, mentions: mentions}
				one.attribute(&m.row, set, int64(m.row.ID))
				if !slices.ContainsFunc(one.found, func(d Difference) bool { return !explained[d] }) {
					t.Errorf("%s: %s is not found", r.Path(), m.what)
				}
			}
		}
	}
	t.Logf("found: %v", made)
	if made["a wrong id"] < 10000 || made["a wrong width"] < 200 || made["a wrong byte order"] < 120 {
		t.Errorf("too few mistakes were made: %v", made)
	}
}

func otherWidth(t string) string {
	if numberWidth(t) == 4 {
		return "u16"
	}
	return "u32"
}

func otherOrder(t string) string {
	if rest, ok := strings.CutPrefix(t, "be"); ok {
		return "u" + rest
	}
	return "be" + t[1:]
}
