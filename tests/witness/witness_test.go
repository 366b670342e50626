package witness

import (
	"strings"
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

const root = "../.."

// all is what the tests compare.
func all(t *testing.T) (places []Place, facts Facts, mentions Mentions, list []Exception) {
	t.Helper()
	facts, err := ReadFacts()
	if err != nil {
		t.Fatal(err)
	}
	if mentions, err = ReadMentions(root); err != nil {
		t.Fatal(err)
	}
	if list, err = ReadExceptions(); err != nil {
		t.Fatal(err)
	}
	return Walk(new(attr.Env), nlcore.Schemas()), facts, mentions, list
}

// TestRows holds every row against the kernel's tables.
func TestRows(t *testing.T) {
	places, facts, mentions, list := all(t)
	found := Compare(places, facts, mentions)
	news, stale := Unexplained(found, list)
	for _, d := range news {
		t.Errorf("%v: correct the row, or give exceptions.tsv the line\n%s\t(reason)", d, strings.Join([]string{d.Path, d.Check, d.Ours, d.Theirs}, "\t"))
	}
	for _, x := range stale {
		t.Errorf("%v: no longer so, take the line out of exceptions.tsv", x.Difference)
	}
	rows := 0
	for _, p := range places {
		rows += len(p.Rows)
	}
	if rows < 500 || len(found) < 100 {
		t.Errorf("only %d rows and %d differences: is something not compared?", rows, len(found))
	}
	t.Logf("%d places, %d rows, %d differences, all explained but %d", len(places), rows, len(found), len(news))
}

// TestMentions: the tests that are named as witnesses have to have the rows
// they are asked about; a key that no test has is not mentioned.
func TestMentions(t *testing.T) {
	_, _, mentions, _ := all(t)
	for path, want := range map[string]bool{"vxlan.dstport": true, "bridge.ageing_time": true, "vxlan.ageing_tim": false, "tun.dstport": false} {
		place, key, _ := strings.Cut(path, ".")
		r := Row{Place: place}
		r.Key = key
		if got := mentions.Has(&r, &Fact{}); got != want {
			t.Errorf("%s mentioned: %v, want %v", path, got, want)
		}
	}
}
