// Package prose makes text fit for people: names and excerpts out of files, which may hold
// anything, and numbers of things. It is for messages, tables and pictures; formats that
// programs read escape what they hold by rules of their own.
//
//	fmt.Fprintf(w, "%s: %s\n", prose.Clean(in.Name), prose.Count(len(in.Hosts), "host"))
package prose

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dustin/go-humanize"
)

// Clean replaces all that would not be seen as it is: control characters, line ends,
// marks that turn the direction of writing, and bytes that are not UTF-8. The result is
// one line, and XML may hold it.
func Clean(s string) string { return clean(s, "") }

// clean is [Clean] but for the characters in keep.
func clean(s, keep string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) || strings.ContainsRune(keep, r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// EscapeJSON escapes, in a JSON document in UTF-8, the characters that [Clean] replaces and
// JSON permits: they stand in its strings only.
func EscapeJSON(document string) string {
	var b strings.Builder
	for _, r := range document {
		if r < 0x7f || unicode.IsGraphic(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// Writer cleans what is written to a terminal, line ends and tabs excepted. Every Write
// must hold whole characters, as those of package fmt do.
type Writer struct{ To io.Writer }

func (w Writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.To, clean(string(p), "\n\t")); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Unwrap returns what the text is written to.
func (w Writer) Unwrap() io.Writer { return w.To }

// Count counts things: "1 host", "2,000 hosts".
func Count[N ~int | ~int64](n N, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return humanize.Comma(int64(n)) + " " + noun
}

// Duration is a time as people say it, rounded: "320 ms", "41.5 s", "14 min 52 s",
// "2 h 5 min", "3 d 4 h".
func Duration(d time.Duration) string {
	if d < 0 {
		return "-" + Duration(max(-d, 0)) // the least duration has no opposite
	}
	const day = 24 * time.Hour
	for _, u := range []struct {
		large, small time.Duration
		names        [2]string
		finer        time.Duration // what times just below this are rounded to
	}{
		{day, time.Hour, [2]string{"d", "h"}, time.Minute},
		{time.Hour, time.Minute, [2]string{"h", "min"}, time.Second},
		{time.Minute, time.Second, [2]string{"min", "s"}, time.Second / 10},
	} {
		if d.Round(u.finer) < u.large {
			continue
		}
		d = d.Round(u.small)
		text := humanize.Comma(int64(d/u.large)) + " " + u.names[0]
		if rest := d % u.large / u.small; rest > 0 {
			text += fmt.Sprintf(" %d %s", rest, u.names[1])
		}
		return text
	}
	switch {
	case d == 0:
		return "0 s"
	case d.Round(time.Millisecond) >= time.Second:
		return decimal(d, time.Second, time.Second/10) + " s"
	case d.Round(time.Millisecond) >= 10*time.Millisecond:
		return decimal(d, time.Millisecond, time.Millisecond) + " ms"
	case d.Round(time.Microsecond) >= time.Millisecond:
		return decimal(d, time.Millisecond, time.Millisecond/10) + " ms"
	}
	return decimal(d, time.Microsecond, time.Microsecond) + " µs"
}

// decimal counts a unit in a duration that is rounded first.
func decimal(d, unit, to time.Duration) string {
	return strconv.FormatFloat(float64(d.Round(to))/float64(unit), 'f', -1, 64)
}

// Texts are the texts of things, in their order.
func Texts[T any](things []T, text func(T) string) []string {
	out := make([]string, len(things))
	for i, x := range things {
		out[i] = text(x)
	}
	return out
}

// Abridge cuts a text that is longer than most bytes, between two characters, and says so
// with an ellipsis.
func Abridge(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// Quote quotes a text for a message, abridged to most bytes.
func Quote(s string, most int) string {
	if cut := Abridge(s, most); len(s) > most {
		return strconv.Quote(strings.TrimSuffix(cut, "…")) + "…"
	}
	return strconv.Quote(s)
}

// Sentence has its first letter, an ASCII one, in upper case.
func Sentence(s string) string { return strings.ToUpper(s[:min(1, len(s))]) + s[min(1, len(s)):] }
