package attr

// recordCodec is a C struct with rows of its own, as an attribute's payload
// or a member of a larger struct. Where nothing of it is said it is absent.
type recordCodec[S any] struct {
	nestCodec[S]
	size int
}

func (c recordCodec[S]) Width() int { return c.size }

// Record is a struct of its own whose table has a header of size bytes; 0
// where a tail makes it vary.
func Record[S any](p *S, t *Table[S], size int) Field {
	f := Bind(p, recordCodec[S]{nestCodec[S]{t}, size})
	f.info.sub, f.info.flat = t.Schema, true
	return f
}
