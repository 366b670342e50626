package nl

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is what the kernel maps at once where it may.
const hugePage = 2 << 20

// leastExpected is the size from which asking ahead pays.
const leastExpected = 64 << 10

// ExpectUse tells the kernel that all of s is about to be written, where s is
// large. Each page that is touched for the first time is a fault of 0.5 to 15
// µs, the latter in virtual machines: more than the reading of the routes that
// fit there. So the kernel is to map two megabytes at once where s has them,
// and the rest now. It changes nothing else; a kernel that refuses is ignored.
func ExpectUse[T any](s []T) {
	if cap(s) == 0 {
		return
	}
	p := (*byte)(unsafe.Pointer(unsafe.SliceData(s)))
	expectUse(unsafe.Slice(p, cap(s)*int(unsafe.Sizeof(s[:1][0]))))
}

func expectUse(b []byte) {
	if len(b) < leastExpected {
		return
	}
	huge := inner(b, hugePage)
	if len(huge) == 0 {
		populate(b)
		return
	}
	_ = unix.Madvise(huge, unix.MADV_HUGEPAGE)
	start := int(uintptr(unsafe.Pointer(&huge[0])) - uintptr(unsafe.Pointer(&b[0])))
	populate(b[:start])
	populate(b[start+len(huge):])
}

func populate(b []byte) {
	if whole := inner(b, unix.Getpagesize()); len(whole) > 0 {
		_ = unix.Madvise(whole, unix.MADV_POPULATE_WRITE) // Linux 5.14
	}
}

// inner is the part of b that consists of whole pages of that size.
func inner(b []byte, page int) []byte {
	start := -int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) & (page - 1)
	end := start + (len(b)-start)&^(page-1)
	if start >= len(b) || end <= start {
		return nil
	}
	return b[start:end]
}
