package docgen

import (
	"testing"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// TestEveryFieldHasAComment walks all rows of all classes.
func TestEveryFieldHasAComment(t *testing.T) {
	for _, c := range nlcore.Classes() {
		kinds := []string{""}
		if c.Kinds != nil {
			kinds = append(kinds, c.Kinds()...)
		}
		for _, kind := range kinds {
			for _, view := range c.New(kind).Views() {
				everyMember(t, c.Name+" "+kind, view.Schema())
			}
		}
	}
}

func everyMember(t *testing.T, where string, s *attr.Schema) {
	t.Helper()
	for _, m := range s.Members(nil) {
		if comment(m.Field) == "" {
			t.Errorf("%s: %s (field %q) has no comment", where, m.Key, m.Field)
		}
		if m.Sub != nil {
			everyMember(t, where+" "+m.Key, m.Sub)
		}
	}
}
