package witness

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed exceptions.tsv
var exceptionsText string

// Exception is a difference that is meant, and why.
type Exception struct {
	Difference
	Reason string
}

// ReadExceptions reads the committed list. One without a reason is an error,
// and so is one that stands there twice.
func ReadExceptions() ([]Exception, error) {
	var l []Exception
	seen := map[Difference]bool{}
	for i, line := range strings.Split(strings.TrimSuffix(exceptionsText, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != 5 || strings.TrimSpace(c[4]) == "" {
			return nil, fmt.Errorf("exceptions.tsv:%d: wants path, check, ours, theirs and a reason", i+1)
		}
		x := Exception{Difference{c[0], c[1], c[2], c[3]}, c[4]}
		if seen[x.Difference] {
			return nil, fmt.Errorf("exceptions.tsv:%d: stands there twice", i+1)
		}
		seen[x.Difference] = true
		l = append(l, x)
	}
	return l, nil
}

// Unexplained takes away what the list explains, and returns what of the list
// explains nothing.
func Unexplained(found []Difference, list []Exception) (news []Difference, stale []Exception) {
	explained, occurs := map[Difference]bool{}, map[Difference]bool{}
	for _, x := range list {
		explained[x.Difference] = true
	}
	for _, d := range found {
		if occurs[d] = true; !explained[d] {
			news = append(news, d)
		}
	}
	for _, x := range list {
		if !occurs[x.Difference] {
			stale = append(stale, x)
		}
	}
	return news, stale
}
