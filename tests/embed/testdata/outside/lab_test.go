package lab

import (
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"nlsh/lua/nlshtest"
)

func TestMain(m *testing.M) {
	if os.Getenv("OUTSIDE_WITHOUT_MAIN") != "" {
		os.Exit(m.Run())
	}
	nlshtest.Main(m)
}

func TestGreet(t *testing.T) {
	got, err := Greet(t.Context(), "network")
	if want := "{\"hello\":\"network\"}\n"; got != want || err != nil {
		t.Errorf("got %q, want %q; %v", got, want, err)
	}
}

// together is passed when all labs exist at the same time.
var together sync.WaitGroup

const labs = 3

func TestLab(t *testing.T) {
	together.Add(labs)
	for i := range labs {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			here := sync.OnceFunc(together.Done)
			defer here() // also when it fails, so that none waits for it
			lab := nlshtest.Run(t, "testdata/lab.lua", nlshtest.Args(fmt.Sprint(i)))
			h1 := lab.Netns("h1")
			here()
			together.Wait()
			if _, err := h1.Handle().LinkByName(ctx, "eth0"); err != nil {
				t.Fatal(err)
			}
			pc, err := lab.Netns("h2").ListenPacket(ctx, "udp", "10.0.0.2:53")
			if err != nil {
				t.Fatal(err)
			}
			defer pc.Close()
			c, err := h1.Dial(ctx, "udp", "10.0.0.2:53")
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprint(c, i)
			b := make([]byte, 9)
			pc.SetReadDeadline(time.Now().Add(20 * time.Second))
			n, _, err := pc.ReadFrom(b)
			if err != nil || string(b[:n]) != fmt.Sprint(i) {
				t.Errorf("got %q, %v", b[:n], err)
			}
			if got := lab.Eval(t, `expect.ping{ "10.0.0.2", netns="h1" } return netns.get("h1").link.get("eth0").alias`); got[0] != fmt.Sprint("lab ", i) {
				t.Errorf("the link's alias is %q", got)
			}
		})
	}
}
