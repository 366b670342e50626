package main

import (
	"bytes"
	"os"
	"testing"
)

func TestGeneratedFileIsCurrent(t *testing.T) {
	want, err := Generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../field_docs.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("nlcore/field_docs.gen.go is out of date: run go generate ./nlcore")
	}
}

func TestSentence(t *testing.T) {
	tests := []struct{ comment, want string }{
		{"HelloTime is 100 to 1000, 200 by default.\n", "100 to 1000, 200 by default"},
		{"Flood, McastFlood and BcastFlood send out\nwhat no entry names.", "Flood, McastFlood and BcastFlood send out what no entry names"},
		{"GSOMaxSize and GROMaxSize are in bytes.", "in bytes"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := sentence(tt.comment); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.comment, got, tt.want)
		}
	}
}
