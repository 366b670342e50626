package lua

import (
	"fmt"
	"strings"
	"time"
)

// dateText formats t, in its own zone, as C's strftime does in the C locale, one directive at a time as Lua calls it: the
// modifiers E and O are unknown, and an unknown directive stands for itself.
func dateText(t time.Time, format string) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		out.WriteString(dateField(t, format[i]))
	}
	return out.String()
}

// dateLayouts are the directives that Go's own layouts express, with the padding of C; "" where there is none.
var dateLayouts = [128]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'c': "Mon Jan _2 15:04:05 2006", 'd': "02",
	'D': "01/02/06", 'e': "_2", 'F': "2006-01-02", 'H': "15", 'I': "03", 'm': "01", 'M': "04", 'p': "PM", 'P': "pm",
	'r': "03:04:05 PM", 'R': "15:04", 'S': "05", 'T': "15:04:05", 'x': "01/02/06", 'X': "15:04:05", 'y': "06",
	'Y': "2006", 'z': "-0700",
}

// dateField returns what one directive stands for.
func dateField(t time.Time, verb byte) string {
	if verb < 128 && dateLayouts[verb] != "" {
		return t.Format(dateLayouts[verb])
	}
	weekday := int(t.Weekday())
	sinceMonday := (weekday + 6) % 7
	isoYear, isoWeek := t.ISOWeek()
	switch verb {
	case 'C':
		return fmt.Sprintf("%02d", t.Year()/100)
	case 'g':
		return fmt.Sprintf("%02d", isoYear%100)
	case 'G':
		return fmt.Sprint(isoYear)
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay())
	case 'k':
		return fmt.Sprintf("%2d", t.Hour())
	case 'l':
		return fmt.Sprintf("%2d", (t.Hour()+11)%12+1)
	case 'n':
		return "\n"
	case 's':
		return fmt.Sprint(t.Unix())
	case 't':
		return "\t"
	case 'u':
		return fmt.Sprint(sinceMonday + 1)
	case 'U':
		return fmt.Sprintf("%02d", (t.YearDay()-1+7-weekday)/7)
	case 'V':
		return fmt.Sprintf("%02d", isoWeek)
	case 'w':
		return fmt.Sprint(weekday)
	case 'W':
		return fmt.Sprintf("%02d", (t.YearDay()-1+7-sinceMonday)/7)
	case 'Z':
		if t.Location() == time.UTC {
			return "GMT"
		}
		return t.Format("MST")
	case '%':
		return "%"
	}
	return "%" + string([]byte{verb})
}

// summerTime says whether a time to be resolved is summer time.
type summerTime int

const (
	summerUnknown summerTime = iota
	summerNo
	summerYes
)

// resolveCivil returns the instant at which clocks in loc show civil, a time whose own zone is UTC. An hour that exists twice
// is taken as standard time, one that does not exist is counted with the offset before the change; if summer says which it is,
// the offset of that half of the year is used, as C's mktime does.
func resolveCivil(civil time.Time, loc *time.Location, summer summerTime) time.Time {
	before := civil.Add(-24 * time.Hour).In(loc)
	after := civil.Add(24 * time.Hour).In(loc)
	if summer == summerUnknown {
		_, off := before.Zone()
		best := atOffset(civil, loc, off)
		found := false
		for _, near := range []time.Time{before, after} {
			_, off := near.Zone()
			t := atOffset(civil, loc, off)
			if _, got := t.Zone(); got == off && (!found || !t.IsDST()) {
				best, found = t, true
			}
		}
		return best
	}
	want := summer == summerYes
	for months := range 13 {
		for _, near := range []time.Time{before.AddDate(0, -months, 0), after.AddDate(0, months, 0)} {
			if near.IsDST() == want {
				_, off := near.Zone()
				return atOffset(civil, loc, off)
			}
		}
	}
	// A zone without summer time: C assumes an hour.
	_, off := before.Zone()
	if want {
		return atOffset(civil, loc, off+3600)
	}
	return atOffset(civil, loc, off-3600)
}

// atOffset returns the instant at which clocks off seconds east of UTC show civil.
func atOffset(civil time.Time, loc *time.Location, off int) time.Time {
	return civil.Add(-time.Duration(off) * time.Second).In(loc)
}
