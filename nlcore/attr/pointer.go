package attr

import "unsafe"

// All pointer arithmetic of the package: a field's offset in its struct, the
// way back, and the promise that codecs keep no pointers.

// offset is where field lies inside the probe that starts at base and has
// size bytes; ok is false for a pointer that lies elsewhere.
func offset(base, field unsafe.Pointer, size, fieldSize uintptr) (off uintptr, ok bool) {
	b, f := uintptr(base), uintptr(field)
	if f < b || f+fieldSize > b+size {
		return 0, false
	}
	return f - b, true
}

// add is the field at off.
func add(base unsafe.Pointer, off uintptr) unsafe.Pointer { return unsafe.Add(base, off) }

// noescape hides p from escape analysis, so that encoding a literal needs no
// heap. Codecs must not keep the pointers they are given.
//
//go:nosplit
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}
