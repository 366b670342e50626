package tests

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

const (
	maxLines    = 500 // of a file that is not generated
	medianLines = 150
)

func generated(path string) bool { return strings.Contains(path, ".gen.") }

func TestFileSizes(t *testing.T) {
	var sizes []int
	for _, s := range sources(t) {
		if generated(s.path) {
			continue
		}
		sizes = append(sizes, s.lines)
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, maxLines)
		}
	}
	slices.Sort(sizes)
	if median := sizes[len(sizes)/2]; median > medianLines {
		t.Errorf("the median file has %d lines, more than %d", median, medianLines)
	}
}

func TestEveryPackageHasADoc(t *testing.T) {
	doc := map[string]bool{}
	for _, s := range sources(t) {
		doc[s.pkg] = doc[s.pkg] || strings.HasSuffix(s.path, "/doc.go") && s.ast.Doc.Text() != ""
	}
	for pkg, ok := range doc {
		if !ok {
			t.Errorf("%s has no doc.go with a package comment", pkg)
		}
	}
}

// TestNoInit: nothing registers itself; lists are written out.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" && !s.test {
				t.Errorf("%s has a func init", s.path)
			}
		}
	}
}

// readsEnvironment are the packages and files that may: the command, the
// helpers of tests, the generator, which passes it on to the compiler, and
// Lua's os.getenv, where the script is who reads.
var readsEnvironment = []string{"cmd/nlsh", "nlcore/netns/nstest", "nlcore/internal/uapi/gen", "lua/nlshtest", "lua/stdlib_os.go", "tests/vm"}

func TestEnvironmentIsReadByTheCommandOnly(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains(readsEnvironment, s.pkg) || slices.Contains(readsEnvironment, s.path) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := sel.X.(*ast.Ident)
			if ok && pkg.Name == "os" && slices.Contains([]string{"Getenv", "LookupEnv", "Environ", "ExpandEnv"}, sel.Sel.Name) {
				t.Errorf("%s calls os.%s: take it as an option", s.path, sel.Sel.Name)
			}
			return true
		})
	}
}
