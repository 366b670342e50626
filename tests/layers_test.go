package tests

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// layers are the packages of the project from the top down. A package imports
// only packages of lower lines; "..." stands for all packages below a folder.
var layers = [][]string{
	{"tests/witness/coverage"}, // a command
	{"tests", "tests/..."},
	{"cmd/nlsh"},
	{"lua/repl", "lua/check", "lua/nlshtest", "lua/testrun"},
	{"lua"},
	{"bindings/docgen"},
	{"bindings"},
	{"bindings/decl"},
	{"bindings/render"},
	{"nlcore/tx", "nlcore/topo", "nlcore/probe", "nlcore/iptext"},
	{"nlcore"},
	{"nlcore/xfrm", "nlcore/tc", "nlcore/wireguard", "nlcore/ethtool"},
	{"nlcore/netns/nstest"},
	{"nlcore/sandbox"},
	{"nlcore/netns"},
	{"nlcore/internal/nl/nltest"},
	{"nlcore/internal/nl", "nlcore/internal/dev"},
	{"nlcore/attr"},
	{"nlcore/val"},
	{"nlcore/rtnames"},
	{"nlcore/internal/uapi"},
	{"nlcore/internal/uapi/gen"}, // a command, imported by nothing
}

// forTests may be imported by every test file.
var forTests = []string{"nlcore/netns/nstest", "nlcore/internal/nl/nltest", "lua/nlshtest"}

// owners say which packages may import a package of others at all. Packages
// of theirs that only tests import are named too.
var owners = map[string][]string{
	"golang.org/x/sys/unix": {
		"nlcore/internal/uapi", "nlcore/internal/nl", "nlcore/internal/dev",
		"nlcore/netns", "nlcore/sandbox", "nlcore/probe",
		"nlcore/netns/nstest", "nlcore/internal/nl/nltest",
	},
	"github.com/vishvananda/netns":  {"nlcore/netns"},
	"github.com/spf13/cobra":        {"cmd/nlsh"},
	"github.com/chzyer/readline":    {"lua/repl"},
	"github.com/yuin/gopher-lua/..": {"lua/...", "bindings/...", "lua", "bindings", "tests/..."},
}

// layer returns the line of a package, -1 if it has none.
func layer(pkg string) int {
	return slices.IndexFunc(layers, func(line []string) bool { return within(pkg, line) })
}

// within says whether a package is in a list that may hold "dir/...".
func within(pkg string, list []string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		dir, all := strings.CutSuffix(entry, "...")
		return entry == pkg || all && strings.HasPrefix(pkg, dir)
	})
}

// misplaced returns what is wrong with an import, "" if nothing.
func misplaced(pkg string, test bool, imp imported) string {
	own, ours := strings.CutPrefix(imp.path, module)
	switch {
	case ours && own == pkg && test: // package x_test
		return ""
	case ours && test && slices.Contains(forTests, own):
		return ""
	case ours && layer(own) < 0:
		return "imports " + own + ", which is in no layer"
	case ours && layer(own) <= layer(pkg):
		return "imports " + own + ", which is no layer below"
	case ours:
		return ""
	}
	for what, who := range owners {
		prefix, all := strings.CutSuffix(what, "/..")
		if (imp.path == what || all && (imp.path == prefix || strings.HasPrefix(imp.path, prefix+"/"))) && !within(pkg, who) {
			return "imports " + imp.path + ", which is for " + strings.Join(who, ", ")
		}
	}
	if imp.path == "github.com/yuin/gopher-lua" && imp.name != "glua" {
		return "imports gopher-lua under another name than glua"
	}
	return ""
}

func TestLayers(t *testing.T) {
	unlisted := map[string]bool{}
	for _, s := range sources(t) {
		if layer(s.pkg) < 0 {
			unlisted[s.pkg] = true
			continue
		}
		for _, imp := range s.imports() {
			if wrong := misplaced(s.pkg, s.test, imp); wrong != "" {
				t.Errorf("%s %s", s.path, wrong)
			}
		}
	}
	for pkg := range unlisted {
		t.Errorf("package %s is in no layer: give it one in layers_test.go and docs/architecture.md", pkg)
	}
}

// TestRules shows that the rules above can be broken.
func TestRules(t *testing.T) {
	tests := []struct {
		name string
		pkg  string
		test bool
		imp  imported
		want string
	}{
		{"down", "nlcore", false, imported{path: "nlsh/nlcore/attr"}, ""},
		{"down into tests", "tests/lua", true, imported{path: "nlsh/lua"}, ""},
		{"up", "nlcore/attr", false, imported{path: "nlsh/nlcore"}, "imports nlcore, which is no layer below"},
		{"up from a test", "nlcore/attr", true, imported{path: "nlsh/nlcore"}, "imports nlcore, which is no layer below"},
		{"across", "lua/repl", false, imported{path: "nlsh/lua/check"}, "imports lua/check, which is no layer below"},
		{"unknown", "lua", false, imported{path: "nlsh/misc"}, "imports misc, which is in no layer"},
		{"own package's test", "nlcore", true, imported{path: "nlsh/nlcore"}, ""},
		{"test helper in a test", "nlcore/internal/nl", true, imported{path: "nlsh/nlcore/netns/nstest"}, ""},
		{"test helper elsewhere", "nlcore/internal/nl", false, imported{path: "nlsh/nlcore/netns/nstest"}, "imports nlcore/netns/nstest, which is no layer below"},
		{"system calls", "nlcore", false, imported{path: "golang.org/x/sys/unix"}, "imports golang.org/x/sys/unix, which is for nlcore/internal/uapi, nlcore/internal/nl, nlcore/internal/dev, nlcore/netns, nlcore/sandbox, nlcore/probe, nlcore/netns/nstest, nlcore/internal/nl/nltest"},
		{"system calls where they belong", "nlcore/probe", true, imported{path: "golang.org/x/sys/unix"}, ""},
		{"namespaces", "nlcore/sandbox", false, imported{path: "github.com/vishvananda/netns"}, "imports github.com/vishvananda/netns, which is for nlcore/netns"},
		{"lua", "lua/check", false, imported{path: "github.com/yuin/gopher-lua", name: "glua"}, ""},
		{"lua's syntax", "lua/check", false, imported{path: "github.com/yuin/gopher-lua/ast"}, ""},
		{"lua below", "nlcore", false, imported{path: "github.com/yuin/gopher-lua", name: "glua"}, "imports github.com/yuin/gopher-lua, which is for lua/..., bindings/..., lua, bindings, tests/..."},
		{"lua unnamed", "lua", false, imported{path: "github.com/yuin/gopher-lua"}, "imports gopher-lua under another name than glua"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, misplaced(tc.pkg, tc.test, tc.imp)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
