package wire

import (
	"testing"

	"nlsh/nlcore/netns/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }
