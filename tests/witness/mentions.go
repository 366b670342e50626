package witness

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// comparers are the tests that hold rows against iproute2: against what it
// prints, or against the bytes it sends. Each has a table of keys or of ip's
// words, and fails by itself where a row is in none. By the first word of a
// row's path. Of a file with "#" only those elements of its tables count that
// name the object, or whose table does.
var comparers = map[string][]string{
	"addr":         {"nlcore/addr_kernel_test.go", "nlcore/addr_test.go"},
	"bridge":       {"nlcore/link_iproute_keys_test.go#", "nlcore/link_samples_test.go", "tests/wire/link_test.go"},
	"bridge_slave": {"nlcore/link_iproute_keys_test.go#", "nlcore/link_samples_test.go", "tests/wire/link_test.go"},
	"link":         {"nlcore/link_iproute_keys_test.go#", "nlcore/link_samples_test.go", "tests/wire/link_test.go"},
	"macvlan":      {"nlcore/link_kind_keys_test.go#", "tests/wire/kinds_test.go#"},
	"neigh":        {"nlcore/neigh_kernel_test.go"},
	"route":        {"nlcore/route_cases_test.go", "nlcore/route_oracle_test.go", "nlcore/route_kernel_test.go", "nlcore/route_test.go"},
	"rule":         {"nlcore/rule_cases_test.go", "nlcore/rule_kernel_test.go"},
	"tun":          {"nlcore/link_kind_keys_test.go#", "nlcore/link_tun_test.go"},
	"veth":         {"tests/wire/link_test.go"},
	"vlan":         {"nlcore/link_kind_keys_test.go#", "tests/wire/kinds_test.go#"},
	"vxlan":        {"nlcore/link_kind_keys_test.go#", "tests/wire/kinds_test.go#"},
	"bpf":          {"nlcore/route_encap_test.go"},
	"ioam6":        {"nlcore/route_encap_test.go"},
	"ip":           {"nlcore/route_encap_test.go"},
	"ip6":          {"nlcore/route_encap_test.go"},
	"mpls":         {"nlcore/route_encap_test.go"},
	"rpl":          {"nlcore/route_encap_test.go"},
	"seg6":         {"nlcore/route_encap_test.go"},
	"seg6local":    {"nlcore/route_encap_test.go"},
	"xfrm":         {"tests/wire/xfrm_test.go", "nlcore/route_encap_test.go"},
}

// tables are those whose name is not that of their object.
var tables = map[string]string{"bridge_slave": "bridgePortKeys"}

// Mentions are the words that the tests of an object have.
type Mentions map[string]map[string]bool

// ReadMentions reads those tests below the project's root.
func ReadMentions(root string) (Mentions, error) {
	m := Mentions{}
	for object, files := range comparers {
		m[object] = map[string]bool{}
		for _, name := range files {
			name, parts := strings.CutSuffix(name, "#")
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, fmt.Errorf("a test of %s: %w", object, err)
			}
			if !parts {
				m.add(object, stringsIn(f))
				continue
			}
			for _, element := range elementsOf(f, object) {
				m.add(object, stringsIn(element))
			}
		}
	}
	return m, nil
}

// add notes each text and each word of it: ip's command lines are such.
func (m Mentions) add(object string, texts []string) {
	for _, text := range texts {
		m[object][text] = true
		for _, w := range strings.Fields(text) {
			m[object][w] = true
		}
	}
}

// Has says whether a test of its object mentions a row, by its key or by the
// kernel's name.
func (m Mentions) Has(r *Row, f *Fact) bool {
	object, _, _ := strings.Cut(r.Place, ".")
	names := append([]string{r.Key, r.Name, strings.TrimSuffix(r.Name, "_mask"), plain(f.Name)}, r.Aliases...)
	for _, part := range r.Rows {
		names = append(names, part.Key)
	}
	for _, name := range names {
		if name != "" && m[object][name] {
			return true
		}
	}
	return false
}

// elementsOf are the elements of a file's tables that are about an object.
func elementsOf(f *ast.File, object string) []ast.Node {
	var l []ast.Node
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			name := v.Names[0].Name
			own := strings.HasPrefix(name, object+"Keys") || strings.HasPrefix(name, object+"Unprinted") || name == tables[object]
			for _, x := range v.Values {
				lit, ok := x.(*ast.CompositeLit)
				if !ok {
					continue
				}
				for _, e := range lit.Elts {
					if own || slices.Contains(stringsIn(e), object) {
						l = append(l, e)
					}
				}
			}
		}
	}
	return l
}

// stringsIn lists the texts in a piece of a program.
func stringsIn(n ast.Node) []string {
	var l []string
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				l = append(l, text)
			}
		}
		return true
	})
	return l
}
