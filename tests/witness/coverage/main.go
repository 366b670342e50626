package main

import (
	"fmt"
	"os"

	"nlsh/nlcore"
	"nlsh/nlcore/attr"
	"nlsh/tests/witness"
)

func main() {
	facts, err := witness.ReadFacts()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
	fmt.Print(witness.Table(witness.Cover(witness.Walk(new(attr.Env), nlcore.Schemas()), facts)))
}
