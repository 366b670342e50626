package decl

import "strings"

// Suggest finds the word that was probably meant: the nearest of words, by
// letters added, missing, changed or swapped, if it is near enough for its
// length. "" where nothing is.
func Suggest(word string, words []string) string {
	best, limit := "", max(1, len(word)/3)+1
	for _, w := range words {
		if d := distance(word, w, limit); d < limit {
			best, limit = w, d
		}
	}
	if best == "" && len(word) >= 3 {
		for _, w := range words { // "encapsulation" for "encap", "pref" for "preference"
			if strings.HasPrefix(w, word) || strings.HasPrefix(word, w) && len(w) >= 3 {
				return w
			}
		}
	}
	return best
}

// distance counts edits between a and b; anything from limit up may be
// returned as limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(b) > 64 {
		return limit
	}
	var rows [3][65]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur, last, older := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(last[j]+1, cur[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], older[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

// didYouMean is the hint for an unknown word, or "".
func didYouMean(word string, words []string) string {
	if s := Suggest(word, words); s != "" {
		return "did you mean \"" + s + "\"?"
	}
	return ""
}
