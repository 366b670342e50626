package nl

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestSpool(t *testing.T) {
	many := make([][]byte, 40_000)
	for i := range many {
		many[i] = bytes.Repeat([]byte{byte(i)}, i%90)
	}
	tests := []struct {
		name   string
		bodies [][]byte
	}{
		{"nothing", nil},
		{"one that is empty", [][]byte{{}}},
		{"several pieces", many},
		{"one above a piece", [][]byte{{1}, bytes.Repeat([]byte{7}, 3<<20), {2}}},
	}
	const rounds = 40
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			before := maps(t)
			var s Spool
			for range 2 { // it is empty again after Drain
				for _, b := range tc.bodies {
					if err := s.Add(b); err != nil {
						t.Fatal(err)
					}
				}
				if s.Len() != len(tc.bodies) {
					t.Errorf("Len is %d, want %d", s.Len(), len(tc.bodies))
				}
				var got [][]byte
				err := s.Drain(func(b []byte) error {
					got = append(got, append([]byte{}, b...))
					return nil
				})
				if err != nil || !slices.EqualFunc(tc.bodies, got, bytes.Equal) {
					t.Fatalf("error %v, %d bodies, want %d, or they differ", err, len(got), len(tc.bodies))
				}
			}
			for range rounds {
				for _, b := range tc.bodies {
					if err := s.Add(b); err != nil {
						t.Fatal(err)
					}
				}
				if err := s.Drain(func([]byte) error { return nil }); err != nil {
					t.Fatal(err)
				}
			}
			// Go's runtime maps memory of its own at any time, but not this often.
			if after := maps(t); after >= before+rounds {
				t.Errorf("%d mappings of a piece's size after %d rounds, %d before", after, rounds, before)
			}
		})
	}
}

func TestSpoolDrainFails(t *testing.T) {
	stop := errors.New("stop")
	var s Spool
	for range 3 {
		if err := s.Add([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	calls := 0
	err := s.Drain(func([]byte) error { calls++; return stop })
	if err != stop || calls != 1 || s.Len() != 0 {
		t.Errorf("error %v after %d calls, %d left", err, calls, s.Len())
	}
}

// maps counts mappings of two megabytes without a file behind them.
func maps(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "Size:               2048 kB")
}
