package val

// Verb says what a change does to its object.
type Verb uint8

// The verbs, as in `ip`.
const (
	Add     Verb = iota + 1 // must not exist
	Append                  // beside what exists, after it
	Prepend                 // beside what exists, before it
	Replace                 // create, or take its place whole
	Change                  // must exist, takes its place whole
	Set                     // must exist, alters only what is said
	Del                     // must exist
)

var verbNames = [...]string{"", "add", "append", "prepend", "replace", "change", "set", "del"}

// String is the verb's word.
func (v Verb) String() string {
	if int(v) < len(verbNames) {
		return verbNames[v]
	}
	return "unknown verb"
}
