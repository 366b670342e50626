package attr_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/nlcore/attr"
	"nlsh/nlcore/val"
)

type options struct{ Old, New val.Opt[bool] }

var optionsTable = attr.Table[options]{Name: "options", Rows: func(o *options, d *attr.Def) {
	d.Header(8).KnownBits(0, 4, attr.Bit(1, "old", &o.Old), attr.Bit(2, "new", &o.New))
}}

// A flag that the kernel's mask leaves out is one it does not know.
func TestKnownBits(t *testing.T) {
	for _, c := range []struct {
		name        string
		value, mask uint32
		want        options
	}{
		{"both", 1, 3, options{Old: val.On, New: val.Off}},
		{"the older alone", 1, 1, options{Old: val.On}},
		{"what is not known is on", 3, 1, options{Old: val.On}},
		{"none", 0, 0, options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got options
			if err := optionsTable.View(&got).Decode(nil, cat(u32(c.value), u32(c.mask))); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got, cmp.AllowUnexported(val.Opt[bool]{})); d != "" {
				t.Error("-want +got:\n", d)
			}
		})
	}
}
