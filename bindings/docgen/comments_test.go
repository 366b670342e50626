package docgen

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write fields.gen.txt anew")

// TestCommentsAreThoseOfTheSource compares fields.gen.txt with the comments in
// nlcore; -update writes it.
func TestCommentsAreThoseOfTheSource(t *testing.T) {
	want := collectComments(t, "../../nlcore")
	if *update {
		if err := os.WriteFile("fields.gen.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(want, fieldComments); d != "" {
		t.Errorf("fields.gen.txt is not what the comments say; run go test ./bindings/docgen -update:\n%s", d)
	}
}

// collectComments reads the comments of all exported struct types below dir.
func collectComments(t *testing.T, dir string) string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"internal", "testdata", "netns", "sandbox", "probe"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if g, ok := n.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, s := range g.Specs {
					lines = append(lines, typeComments(g, s.(*ast.TypeSpec))...)
				}
			}
			_, isFunc := n.(*ast.FuncDecl)
			return !isFunc
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return "\n" + strings.Join(slices.Compact(lines), "")
}

func typeComments(g *ast.GenDecl, s *ast.TypeSpec) []string {
	st, ok := s.Type.(*ast.StructType)
	if !ok || !s.Name.IsExported() {
		return nil
	}
	doc := s.Doc
	if doc == nil && len(g.Specs) == 1 {
		doc = g.Doc
	}
	lines := []string{commentLine(s.Name.Name, doc.Text())}
	group := ""
	for _, f := range st.Fields.List {
		text := f.Doc.Text()
		if text == "" {
			text = f.Comment.Text()
		}
		if text != "" {
			group = text
		}
		for _, name := range f.Names {
			if text == "" && renamed(group, map[string]string{name.Name: "_"}) != group {
				text = group // one comment for the fields below it, which it names
			}
			if name.IsExported() {
				lines = append(lines, commentLine(s.Name.Name+"."+name.Name, text))
			}
		}
	}
	return lines
}

func commentLine(name, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	return name + "\t" + text + "\n"
}

func TestWithoutSubject(t *testing.T) {
	tests := []struct{ name, doc, field, want string }{
		{"is", "mtu is in bytes.", "mtu", "in bytes."},
		{"are", "a and b are flags.", "b", "flags."},
		{"three", "a, b and c are flags.", "a", "flags."},
		{"another verb", "up makes it run.", "up", "makes it run."},
		{"several and another verb", "a, b and c count.", "c", "a, b and c count."},
		{"may", "user may open it.", "user", "user may open it."},
		{"another name", "the mtu is in bytes.", "mtu", "the mtu is in bytes."},
		{"nothing else", "mtu", "mtu", "mtu"},
		{"empty", "", "mtu", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if d := cmp.Diff(tc.want, withoutSubject(tc.doc, tc.field)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
