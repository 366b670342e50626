package netns_test

import (
	"fmt"
	"os"
	"testing"

	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) {
	if os.Args[0] == helperName {
		if err := execRefused(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	nstest.Main(m)
}
