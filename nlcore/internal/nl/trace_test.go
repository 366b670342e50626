package nl_test

import (
	"testing"

	"nlsh/nlcore/internal/nl"
	"nlsh/nlcore/internal/nl/nltest"
	"nlsh/nlcore/netns/nstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// datagrams is a Tracer that keeps directions and bytes.
type datagrams []string

func (d *datagrams) Trace(dir nl.Dir, b []byte) {
	*d = append(*d, dir.String()+" "+string(b))
}

func TestTracer(t *testing.T) {
	nstest.Sandboxed(t)
	var got datagrams
	answer := make(chan string, 1)
	c := nltest.Dial(t, &nl.Options{Tracer: &got}, func(k *nltest.Kernel) {
		r := k.Next()
		k.SendAsStranger(r.Refuse(unix.EIO, nil))
		b := append(r.Answer(20, 0, []byte("abc")), r.Ack(nil)...)
		answer <- string(b)
		k.Send(b)
	})
	if err := c.Do(t.Context(), nl.Header{Type: 18}, abcde); err != nil {
		t.Fatal(err)
	}
	// length 21, type 18, REQUEST|ACK, sequence number 1, port 0, body, padding
	sent := "sent \x15\x00\x00\x00" + "\x12\x00" + "\x05\x00" + "\x01\x00\x00\x00" + "\x00\x00\x00\x00" + "abcde\x00\x00\x00"
	if diff := cmp.Diff(datagrams{sent, "received " + <-answer}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
