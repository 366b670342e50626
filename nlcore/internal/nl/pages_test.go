package nl

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func TestInner(t *testing.T) {
	const page = 64
	room := make([]byte, 4*page)
	room = room[-int(uintptr(unsafe.Pointer(&room[0])))&(page-1):]
	tests := []struct {
		name       string
		from, to   int
		start, end int // of what is wanted; equal: nothing
	}{
		{"whole pages", 0, 128, 0, 128},
		{"begins inside", 1, 128, 64, 128},
		{"ends inside", 0, 127, 0, 64},
		{"both", 1, 190, 64, 128},
		{"within one page", 1, 60, 0, 0},
		{"over an edge", 60, 70, 0, 0},
		{"one byte", 63, 64, 0, 0},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := inner(room[tc.from:tc.to:tc.to], page)
			if len(got) != tc.end-tc.start || len(got) > 0 && &got[0] != &room[tc.start] {
				t.Errorf("%d bytes, want [%d:%d]", len(got), tc.start, tc.end)
			}
		})
	}
}

// What ExpectUse was told of is unchanged, and the part that is no huge page
// is there without a fault.
func TestExpectUse(t *testing.T) {
	type pair struct{ a, b uint64 }
	const size = 1 << 20
	m, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(m)
	l := unsafe.Slice((*pair)(unsafe.Pointer(&m[0])), size/16)
	l[1] = pair{3, 4}
	ExpectUse(l)
	there := make([]byte, size/os.Getpagesize())
	_, _, errno := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&m[0])), size, uintptr(unsafe.Pointer(&there[0])))
	if errno != 0 {
		t.Fatal(errno)
	}
	for i, v := range there {
		if v&1 == 0 {
			t.Fatalf("page %d of %d is not there", i, len(there))
		}
	}
	if l[1] != (pair{3, 4}) || l[0] != (pair{}) {
		t.Errorf("the memory begins with %v", l[:2])
	}
	ExpectUse([]pair(nil))
	ExpectUse(make([]pair, 3))
}

func TestExpectUseOfHugePages(t *testing.T) {
	const size = 3 * hugePage
	m, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(m)
	if err := unix.Madvise(m, unix.MADV_HUGEPAGE); err == unix.EINVAL {
		// mm/madvise.c; tests/vm fails where no kernel can run this.
		t.Skip("this kernel is built without CONFIG_TRANSPARENT_HUGEPAGE")
	}
	if err := unix.Madvise(m, unix.MADV_NOHUGEPAGE); err != nil {
		t.Fatal(err)
	}
	ExpectUse(m)
	want := fmt.Sprintf("%x-", uintptr(unsafe.Pointer(&inner(m, hugePage)[0])))
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	_, mine, found := strings.Cut(string(smaps), "\n"+want)
	_, flags, _ := strings.Cut(mine, "VmFlags:")
	flags, _, _ = strings.Cut(flags, "\n")
	if !found || !strings.Contains(flags, " hg") {
		t.Errorf("mapping %s: flags %q, want hg (madvise of huge pages)", want, flags)
	}
}
