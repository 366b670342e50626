package witness

import (
	"strings"

	"nlsh/nlcore/attr"
)

// Row is one of our rows and where it stands.
type Row struct {
	attr.WireRow
	// Place is the schema and the nests above: "bridge.mcast_querier_state".
	// The parts of a C struct stand in "addr.cacheinfo", those of a message's
	// header in "addr.header".
	Place string
	// Above is since when the nest is that the row is in, "" at the top.
	Above string
}

// Path is the row's place and name: "bridge.ageing_time".
func (r *Row) Path() string {
	name := r.Name
	if r.Key != "" {
		name = r.Key
	}
	if name == "" {
		name = "(none)"
	}
	return r.Place + "." + name
}

// Place is a group of rows at one level: what a kernel enum or a C struct is
// to the kernel.
type Place struct {
	Name string
	Size int // of a struct or a header, else 0
	Rows []Row
}

// Walk lists the places of schemas, each schema once.
func Walk(e *attr.Env, schemas []*attr.Schema) []Place {
	w := walker{env: e, seen: map[*attr.Schema]bool{}}
	for _, s := range schemas {
		w.schema(s, s.Name(), "")
	}
	return w.places
}

type walker struct {
	env    *attr.Env
	seen   map[*attr.Schema]bool
	places []Place
}

func (w *walker) schema(s *attr.Schema, name, above string) {
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	var head, attrs []attr.WireRow
	for _, r := range s.WireRows(w.env) {
		if r.Member {
			head = append(head, r)
		} else {
			attrs = append(attrs, r)
		}
	}
	w.place(name+".header", "", s.HeaderSize(), head)
	w.place(name, above, 0, attrs)
	// Keys without an attribute of their own may lead to other schemas.
	for _, m := range s.Members(w.env) {
		if m.Local && m.Sub != nil {
			w.schema(m.Sub, m.Sub.Name(), "")
		}
	}
}

func (w *walker) place(name, above string, size int, rows []attr.WireRow) {
	if len(rows) == 0 {
		return
	}
	p := Place{Name: name, Size: size}
	for _, r := range rows {
		p.Rows = append(p.Rows, Row{WireRow: r, Place: name, Above: above})
	}
	w.places = append(w.places, p)
	base := strings.TrimSuffix(name, ".header")
	for _, r := range rows {
		switch {
		case len(r.Rows) > 0:
			w.place(base+"."+r.Name, r.Since, r.Width, r.Rows)
		case r.Sub != nil:
			w.schema(r.Sub, base+"."+r.Sub.Name(), r.Since)
		}
	}
}
