package tests

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"nlsh/nlcore/netns/nstest"
)

const migration = "../docs/migration.md"

// theirWords and ourWords are what the cells of either column use.
const theirWords = `
import (
	"net"
	"golang.org/x/sys/unix"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)
var (
	h *netlink.Handle
	br, l netlink.Link
	err error
	ns netns.NsHandle
	addr *netlink.Addr
	route *netlink.Route
	rule *netlink.Rule
	st *netlink.XfrmState
	pol *netlink.XfrmPolicy
	mac net.HardwareAddr
	key []byte
	mask uint32
	ageing *uint32
	links chan netlink.LinkUpdate
	addrs chan netlink.AddrUpdate
	neighs chan netlink.NeighUpdate
	routes chan netlink.RouteUpdate
	done chan struct{}
)
func cidr(string) *net.IPNet { return nil }
`

const ourWords = `
import (
	"context"
	"net"
	"net/netip"
	"golang.org/x/sys/unix"
	"nlsh/nlcore"
	ourns "nlsh/nlcore/netns"
	"nlsh/nlcore/val"
	"nlsh/nlcore/xfrm"
)
var (
	ctx context.Context
	h *nlcore.Handle
	l nlcore.Link
	err error
	ns *ourns.NS
	addr *nlcore.Addr
	route *nlcore.Route
	rule *nlcore.Rule
	st *xfrm.State
	pol *xfrm.Policy
	sub *nlcore.Subscription
	mac net.HardwareAddr
	key []byte
	link, br = nlcore.LinkName("eth0"), nlcore.LinkName("br0")
	pfx, ip = netip.MustParsePrefix, netip.MustParseAddr
)
`

// row is one line of the tables.
type row struct{ theirs, ours string }

// TestMigration compiles each cell of the guide's tables against the packages
// that it is about.
func TestMigration(t *testing.T) {
	rows := migrationRows(t)
	if len(rows) < 100 {
		t.Fatalf("the guide has %d rows", len(rows))
	}
	var theirs, ours []string
	for _, r := range rows {
		theirs, ours = append(theirs, r.theirs), append(ours, r.ours)
	}
	t.Run("ours", func(t *testing.T) {
		compile(t, ourWords, ours, packages(t, "..", "nlsh/nlcore", "nlsh/nlcore/netns", "nlsh/nlcore/val", "nlsh/nlcore/xfrm", "golang.org/x/sys/unix"))
	})
	t.Run("theirs", func(t *testing.T) {
		compile(t, theirWords, theirs, packages(t, "bench", "github.com/vishvananda/netlink", "github.com/vishvananda/netns", "golang.org/x/sys/unix"))
	})
}

func migrationRows(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile(migration)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		if len(cells) != 3 && len(cells) != 2 {
			t.Errorf("%d cells in %s", len(cells), line)
			continue
		}
		theirs, ok := strings.CutSuffix(strings.TrimPrefix(cells[0], "| `"), "`")
		ours, ok2 := strings.CutSuffix(strings.TrimPrefix(cells[1], "`"), "`")
		if !ok || !ok2 || strings.Contains(theirs+ours, "`") {
			t.Errorf("no code in %s", line)
		}
		rows = append(rows, row{theirs, ours})
	}
	return rows
}

// packages finds the export data of packages and of all that they import, by
// the go command in a module's folder. Nothing is downloaded.
func packages(t *testing.T, dir string, paths ...string) map[string]string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, paths...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOPROXY=off")
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		nstest.Need(t, false, fmt.Sprintf("the modules of %s: %s", dir, failed.Stderr))
	}
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); err == io.EOF {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		found[p.ImportPath] = p.Export
	}
}

// compile checks the types of statements, each in a function of its own. What
// is declared and not used is no mistake here.
func compile(t *testing.T, words string, cells []string, exports map[string]string) {
	t.Helper()
	src := "package cells\n" + words
	first := strings.Count(src, "\n") + 1
	for _, c := range cells {
		src += "func _() { " + c + " }\n"
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cells.go", src, parser.AllErrors)
	if err != nil {
		t.Fatal(err)
	}
	conf := types.Config{
		Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }),
		Error: func(err error) {
			var e types.Error
			if !errors.As(err, &e) || e.Soft {
				return
			}
			cell := "the words before the cells"
			if i := fset.Position(e.Pos).Line - first; i >= 0 {
				cell = cells[i]
			}
			t.Errorf("%s\n\t%s", e.Msg, cell)
		},
	}
	_, _ = conf.Check("cells", fset, []*ast.File{file}, nil) // told above, one by one
}
