package decl

import (
	"context"

	glua "github.com/yuin/gopher-lua"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
)

// Module is one Lua module: "link", "bridge". Name, Doc and Since are
// mandatory. A Module and all below it is a literal that nothing changes.
type Module struct {
	Name  string // as scripts write it; a sub-module has its last part only
	Doc   string // first sentence: what it is for
	Since string // the version of nlsh that has it first, "0.1"
	// Class is the sort of kernel objects that the module's verbs handle; nil
	// for a module without one.
	Class *nlcore.Class
	Funcs []Func
	Subs  []*Module
	// Call is what calling the module does; nil: with a Class, `m "key"` is
	// get and `m{...}` is list; without one, calling is an error.
	Call func(c *Call) error
	// Fill completes a new object before it is sent: a link without a name gets
	// one. taken is what earlier elements of the same call were given.
	Fill func(ctx context.Context, h *nlcore.Handle, o nlcore.Object, taken map[string]bool) error
	// Again makes what Class.Get finds the object by, before or after the change
	// that o describes. Nil: it is looked for in the list.
	Again func(o nlcore.Object) nlcore.Object
	// Writable says whether a field can be set, where the rows do not know:
	// one that hand-written code sends. said is false to leave it to the rows.
	Writable func(key string) (ok, said bool)
	// Left reports a field that an object has and a copy of it does not say:
	// what creation gives anyway and some kernels refuse to be told.
	Left func(o nlcore.Object, key string, v attr.Value) bool
	// Narrow handles conditions of list, each, find and flush that are no
	// fields (Filters), before the others are looked at. Nil: there are none.
	Narrow  func(f *Filter) error
	Filters []Param
	// Eager reads an object back at once after a change; otherwise it is read
	// when the script first looks, since finding it may cost a whole list.
	Eager bool
	// KindExamples are Lua for help on a kind, which runs in a fresh sandbox: for
	// each kind that needs more than its type, or has more to show.
	KindExamples map[string]string
	// Columns are the fields that a list shows; nil: the generic rule.
	Columns []string
	// Has reports that a string is a key of this class; where it is not, the
	// call `m "text"` lists what has dev=text (addr, neigh). Nil: every string
	// is a key.
	Has func(text string) bool
}

// Func is one builtin. All of Name, Doc, Since and Example are mandatory, and
// each Param's Name, Kind and Doc.
type Func struct {
	Name    string
	Doc     string
	Since   string // the version of nlsh that has it first
	Example string // Lua that runs in a fresh sandbox
	Needs   string // what must be there for the example: "esp" of the kernel, "nlsh test" around it; "" for nothing that may lack
	Returns string // what it returns, in words; "" for nothing
	// Params are what it takes, besides the fields of the class (see Fields).
	Params []Param
	// Fields says which fields of the module's class are taken.
	Fields FieldSet
	// Plain takes Lua arguments as they stand (try, inspect); otherwise one
	// table, or the first positional parameters and then a table.
	Plain bool
	// Open takes fields that no Param names; they are in Call.Extra.
	Open bool
	// Conditions says that what Open takes are conditions on objects of the
	// class that the first positional value names.
	Conditions bool
	// Mutates says that it changes something: it is recorded and shown.
	Mutates bool
	Run     func(c *Call) error
}

// FieldSet says which fields of a class a function takes beside its Params.
type FieldSet uint8

// The sets of fields.
const (
	NoFields  FieldSet = iota
	Writable           // those that the kernel lets us set
	Filters            // all, as conditions
	KeyFields          // those that say which object
)

// Param is one parameter of a builtin.
type Param struct {
	Name     string
	Kind     Kind
	Doc      string
	Default  string // in words, for help; "" if nothing is assumed
	Required bool
	Words    []string // of a Word
	Lo, Hi   float64  // bounds of an Integer or Number, where Lo < Hi
	// Pos is the parameter's place among positional arguments, from 1; 0: only
	// by name.
	Pos int
	// Rest takes all positional values from Pos on, as a list.
	Rest bool
}

// Kind is the type of a parameter.
type Kind string

// The kinds of parameters.
const (
	Any      Kind = "any"
	String   Kind = "string"
	Scalar   Kind = "text" // a string, or a number as it prints; in Args a string
	Number   Kind = "number"
	Integer  Kind = "integer"
	Boolean  Kind = "boolean"
	Duration Kind = "duration" // seconds or "500ms"; in Args a time.Duration
	Word     Kind = "word"     // one of Words
	Address  Kind = "address"  // an IP address; in Args a netip.Addr
	Link     Kind = "link"     // name, index or object; in Args a val.LinkRef
	Netns    Kind = "namespace"
	Function Kind = "function"
	Table    Kind = "table"
	List     Kind = "list"
)

// Func finds a function of the module by name; nil where there is none.
func (m *Module) Func(name string) *Func {
	for i := range m.Funcs {
		if m.Funcs[i].Name == name {
			return &m.Funcs[i]
		}
	}
	return nil
}

// Sub finds a sub-module by name; nil where there is none.
func (m *Module) Sub(name string) *Module {
	for _, s := range m.Subs {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Call is one running call of a builtin.
type Call struct {
	L      *glua.LState
	Host   Host
	Module *Module
	Func   *Func
	Path   string         // "bridge.link": the module as scripts write it
	Args   map[string]any // checked parameters by name; absent: not given
	Extra  *glua.LTable   // fields that no Param names, where Func.Open; else nil
	bound  *Place         // the namespace of a bound module; nil: the current one
	base   int            // stack index before the first argument
	thrown error          // what the script's function raised
	out    []glua.LValue  // results
	at     *Place         // once asked for
}
