package main

import (
	"fmt"
	"os"
)

func main() {
	src, err := Generate(".")
	if err == nil {
		err = os.WriteFile("field_docs.gen.go", src, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}
