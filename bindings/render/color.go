package render

const (
	bold   = "1"
	green  = "32"
	red    = "31"
	yellow = "33"
)

// paint puts text in a colour, by its ANSI code; "" is none.
func paint(on bool, code, s string) string {
	if !on || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// stateColor is the colour of words that say how something is.
func stateColor(column, word string) string {
	switch column {
	case "operstate", "state":
	default:
		return ""
	}
	switch word {
	case "up", "forwarding", "reachable", "permanent":
		return green
	case "down", "failed", "blocking", "disabled":
		return red
	case "lowerlayerdown", "dormant", "stale", "learning", "listening":
		return yellow
	}
	return ""
}
