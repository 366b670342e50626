package tests

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the project's folder, seen from this package's.
const root = ".."

// module is the prefix of the project's own import paths.
const module = "nlsh/"

// A source is one Go file of the project.
type source struct {
	path  string // from the root: "nlcore/link.go"
	pkg   string // its folder: "nlcore"
	test  bool
	lines int
	ast   *ast.File
}

// sources parses every Go file of the project. It reads the folders itself
// instead of asking `go list`, because go test sees what a test opens and runs
// a cached one again when that changes, but not what a child process opens.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); p != root && (strings.HasPrefix(name, ".") || name == "testdata") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil && p != root {
				return filepath.SkipDir // a module of its own
			}
			return nil
		}
		// Editors and tools write files beside the one they replace.
		if !strings.HasSuffix(p, ".go") || strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(p, root+string(filepath.Separator)))
		all = append(all, source{
			path: rel, pkg: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"),
			lines: bytes.Count(text, []byte("\n")), ast: f,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files found below %s", len(all), root)
	}
	return all
}

// An imported is one import of one file.
type imported struct {
	path string // "nlsh/nlcore", "golang.org/x/sys/unix"
	name string // the name given to it, "" if none
}

func (s *source) imports() []imported {
	var l []imported
	for _, i := range s.ast.Imports {
		imp := imported{path: strings.Trim(i.Path.Value, `"`)}
		if i.Name != nil {
			imp.name = i.Name.Name
		}
		l = append(l, imp)
	}
	return l
}
