package nlcore

import "testing"

// DecodeLink is decodeLink for tests of bytes.
var DecodeLink = decodeLink

// UndoOf is what takes a change back that is applied next, in order.
func UndoOf(t testing.TB, h *Handle, c Change) []Change {
	t.Helper()
	steps, err := stepperOf(c.Object).steps(t.Context(), h, c.Verb)
	if err != nil {
		t.Fatal(err)
	}
	var undo []Change
	for i := len(steps) - 1; i >= 0; i-- {
		undo = append(undo, steps[i].undo...)
	}
	return undo
}
