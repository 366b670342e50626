package nlcore_test

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/nlcore/internal/uapi"
)

// linkReplies are lists of links as the kernel sent them to ip, and what ip
// printed of them (tests/wire/capture.sh).
var linkReplies = []string{"show-plain", "show-rich", "show-querier"}

// capturedLinks returns the bodies of the RTM_NEWLINK messages of a file.
func capturedLinks(t testing.TB, name string) [][]byte {
	t.Helper()
	text, err := os.ReadFile("../tests/wire/testdata/" + name + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	var bodies [][]byte
	for _, block := range strings.Split(string(text), "\n\n")[1:] {
		b, err := hex.DecodeString(strings.ReplaceAll(block, "\n", ""))
		if err != nil {
			t.Fatal(err)
		}
		for len(b) >= uapi.SizeofNlMsghdr {
			size := int(binary.NativeEndian.Uint32(b))
			if size < uapi.SizeofNlMsghdr || size > len(b) {
				t.Fatalf("%s: a message of %d bytes in %d", name, size, len(b))
			}
			if binary.NativeEndian.Uint16(b[4:]) == uapi.RTM_NEWLINK {
				bodies = append(bodies, b[uapi.SizeofNlMsghdr:size])
			}
			b = b[min((size+3)&^3, len(b)):]
		}
	}
	if len(bodies) == 0 {
		t.Fatalf("%s has no links", name)
	}
	return bodies
}

// TestDecodeCapturedLinks compares what we read in the kernel's bytes with
// what ip read in the same.
func TestDecodeCapturedLinks(t *testing.T) {
	// iproute2 7.3 prints 1/100 s as microseconds here: 254 s as "25.4us".
	odd := cmpopts.IgnoreMapEntries(func(k string, _ any) bool { return strings.HasSuffix(k, "_other_timer") })
	for _, name := range linkReplies {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("../tests/wire/testdata/" + name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var theirs []map[string]any
			if err := json.Unmarshal(text, &theirs); err != nil {
				t.Fatal(err)
			}
			bodies := capturedLinks(t, name)
			names := map[int32]string{}
			for _, b := range bodies {
				l, err := nlcore.DecodeLink(&attr.Env{}, b)
				must(t, err)
				names[l.Attrs().Index] = l.Attrs().Name
			}
			env := &attr.Env{LinkName: func(i int32) string { return names[i] }}
			var ours []map[string]any
			for _, b := range bodies[:len(theirs)] {
				l, err := nlcore.DecodeLink(env, b)
				must(t, err)
				ours = append(ours, plain(ipLink(env, l)))
			}
			for _, l := range theirs {
				plain(l)
			}
			if d := cmp.Diff(theirs, ours, odd); d != "" {
				t.Errorf("-ip +ours:\n%s", d)
			}
		})
	}
}

// TestDecodeCutLinks gives every beginning of every captured message: an error
// or a link, never a panic.
func TestDecodeCutLinks(t *testing.T) {
	failed, whole := 0, 0
	for _, name := range linkReplies {
		for _, b := range capturedLinks(t, name) {
			for n := range len(b) {
				if _, err := nlcore.DecodeLink(&attr.Env{}, b[:n:n]); err != nil {
					failed++
				}
			}
			if _, err := nlcore.DecodeLink(&attr.Env{}, b); err == nil {
				whole++
			}
		}
	}
	if failed == 0 || whole == 0 {
		t.Errorf("%d cut messages refused, %d whole ones read: want both", failed, whole)
	}
}

// FuzzDecodeLink: whatever is read can be shown, and what is read of a link
// can be written; writing and reading again gives the same.
func FuzzDecodeLink(f *testing.F) {
	for _, name := range linkReplies {
		for _, b := range capturedLinks(f, name) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := nlcore.DecodeLink(&attr.Env{}, b)
		if err != nil {
			return
		}
		_ = l.String() + l.Ident()
		env := &attr.Env{Mode: attr.Create}
		for _, w := range l.Views() {
			_ = w.Value(env).String()
		}
		first, err := l.Append(env, nlcore.Add, nil)
		if err != nil {
			return
		}
		again, err := nlcore.DecodeLink(&attr.Env{}, first)
		if err != nil {
			t.Fatalf("what we wrote we cannot read: %v", err)
		}
		second, err := again.Append(env, nlcore.Add, nil)
		if err != nil {
			t.Fatalf("what we read we cannot write: %v", err)
		}
		if d := cmp.Diff(first, second); d != "" {
			t.Errorf("written twice, -first +second:\n%s", d)
		}
	})
}
