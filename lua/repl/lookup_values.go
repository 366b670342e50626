package repl

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"nlsh/bindings/decl"
	"nlsh/nlcore/netns"
)

// liveWait bounds how long a TAB waits for the kernel.
const liveWait = 500 * time.Millisecond

// values are what an option may be set to, as text without quotes; bare are
// those that are no text.
func (l *lookup) values(o *option, place *decl.Place) (texts, bare []Candidate) {
	add := func(kind string, words ...string) {
		for _, w := range words {
			texts = append(texts, Candidate{Text: w, Kind: kind})
		}
	}
	switch {
	case len(o.words) > 0:
		add("word", o.words...)
	case o.kind == "boolean":
		bare = []Candidate{{Text: "false", Kind: "keyword"}, {Text: "true", Kind: "keyword"}}
	case o.existing:
		add("link", l.linkNames(place)...)
	case o.kind == "namespace":
		if names, err := netns.Names(); err == nil {
			add("namespace", names...)
		}
	case o.kind == "topic":
		add("topic", l.cat.Topics()...)
	}
	return texts, bare
}

// linkNames asks the kernel; without an answer there are none.
func (l *lookup) linkNames(place *decl.Place) []string {
	if place == nil {
		var err error
		if place, err = l.in.Place(); err != nil {
			return nil
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), liveWait)
	defer cancel()
	links, err := place.Handle.LinkList(ctx)
	if err != nil {
		return nil
	}
	names := make([]string, len(links))
	for i, x := range links {
		names[i] = x.Attrs().Name
	}
	return names
}

// files are the files and folders that typed begins.
func files(typed string) []Candidate {
	dir, _ := filepath.Split(typed)
	from := dir
	if from == "" {
		from = "."
	}
	list, err := os.ReadDir(from)
	if err != nil {
		return nil
	}
	var out []Candidate
	for _, e := range list {
		if strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(typed[len(dir):], ".") {
			continue
		}
		c := Candidate{Text: dir + e.Name(), Kind: "file"}
		if e.IsDir() {
			c = Candidate{Text: c.Text + "/", Kind: "folder"}
		}
		out = append(out, c)
	}
	return out
}
