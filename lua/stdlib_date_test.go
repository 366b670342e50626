package lua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDatesInZonesAsPUC compares, in zones with and without summer time, how instants read and which instants clocks mean.
func TestDatesInZonesAsPUC(t *testing.T) {
	instants := []int64{0, 1700000000, 1720000000, 1711846799, 1711846800, 1729990799, 1729990800, 1730613599, 1730613600, -1000000000, 4102444800}
	civils := []time.Time{
		time.Date(2024, 1, 15, 12, 0, 0, 0, time.UTC), time.Date(2024, 7, 15, 12, 0, 0, 0, time.UTC),
		time.Date(2024, 3, 31, 1, 30, 0, 0, time.UTC), time.Date(2024, 3, 31, 3, 30, 0, 0, time.UTC),
		time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC), time.Date(2024, 10, 27, 3, 30, 0, 0, time.UTC),
		time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2026, 4, 5, 4, 0, 0, 0, time.UTC),
	}
	const verbs = "%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %k %l %m %M %p %P %r %R %s %S %T %u %U %V %w %W %x %X %y %Y %z %Z"
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/St_Johns"} {
		t.Run(zone, func(t *testing.T) {
			loc, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			var programs, ours []string
			for _, s := range instants {
				programs = append(programs, fmt.Sprintf("print(os.date(%q, %d), os.date('*t', %d).isdst)", verbs, s, s))
				when := time.Unix(s, 0).In(loc)
				text := dateText(when, verbs)
				if zone == "UTC" {
					// C calls the zone by the name it was asked for, and by "GMT" only under "!".
					text = strings.TrimSuffix(text, "GMT") + "UTC"
				}
				ours = append(ours, fmt.Sprintf("%s\t%v\n", text, when.IsDST()))
			}
			for _, c := range civils {
				for _, summer := range []struct {
					lua string
					is  summerTime
				}{{"nil", summerUnknown}, {"false", summerNo}, {"true", summerYes}} {
					programs = append(programs, fmt.Sprintf("print(os.time{year = %d, month = %d, day = %d, hour = %d, min = %d, sec = %d, isdst = %s})",
						c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), summer.lua))
					ours = append(ours, fmt.Sprintf("%d\n", resolveCivil(c, loc, summer.is).Unix()))
				}
			}
			puc := runPUC(t, programs, "TZ="+zone)
			for i, p := range programs {
				if diff := cmp.Diff(puc[i], ours[i]); diff != "" {
					t.Errorf("%s\n(-lua5.1 +ours)\n%s", p, diff)
				}
			}
		})
	}
}

// TestDoubtfulHours holds what an hour means that clocks show twice, or never.
func TestDoubtfulHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	twice := time.Date(2024, 10, 27, 2, 30, 0, 0, time.UTC)
	never := time.Date(2024, 3, 31, 2, 30, 0, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		civil  time.Time
		summer summerTime
		want   string
	}{
		{"twice", twice, summerUnknown, "2024-10-27T02:30:00+01:00"},
		{"twice, winter", twice, summerNo, "2024-10-27T02:30:00+01:00"},
		{"twice, summer", twice, summerYes, "2024-10-27T02:30:00+02:00"},
		{"never", never, summerUnknown, "2024-03-31T03:30:00+02:00"},
		{"never, winter", never, summerNo, "2024-03-31T03:30:00+02:00"},
		{"never, summer", never, summerYes, "2024-03-31T01:30:00+01:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := resolveCivil(tc.civil, berlin, tc.summer).Format(time.RFC3339); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
