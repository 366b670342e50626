package bench

import "fmt"

// counted is "100,000 routes".
func counted(n int, what string) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s + " " + what
}
