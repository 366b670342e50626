package main

import (
	"os"

	"nlsh/nlcore/sandbox"
)

func main() {
	sandbox.Enter() // goes on only where this is no sandbox's init
	relaxGC()
	os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
