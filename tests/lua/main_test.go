package lua_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nlsh/lua"
	"nlsh/nlcore/netns"
	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// run runs a script in a fresh namespace and returns what it printed, tabs as
// blanks, and the error that ended it as a last line "! message". Named namespaces that it
// leaves are removed.
func run(t *testing.T, src string) string {
	t.Helper()
	var out bytes.Buffer
	in, err := lua.New(lua.Options{Netns: nstest.NewNS(t), Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Run(t.Context(), "t.lua", src); err != nil {
		out.WriteString("! " + err.Error() + "\n")
	}
	if err := in.Close(); err != nil {
		t.Error(err)
	}
	names, err := netns.Names()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := netns.DeleteNamed(name); err != nil {
			t.Error(err)
		}
	}
	return strings.ReplaceAll(out.String(), "\t", " ")
}

// script is a program and what it prints.
type script struct{ name, src, want string }

func runAll(t *testing.T, tests []script) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Contains(tt.src, `type="tun"`) {
				nstest.NeedTun(t)
			}
			if d := cmp.Diff(strings.TrimLeft(tt.want, "\n"), run(t, tt.src)); d != "" {
				t.Errorf("%s\n(-want +got):\n%s", tt.src, d)
			}
		})
	}
}
