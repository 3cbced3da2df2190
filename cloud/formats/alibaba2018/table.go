package alibaba2018

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// table is one CSV file that is being read. The files quote nothing, so that a comma
// always ends a field.
type table struct {
	place string // archive and member
	rest  []byte // what is yet to be read
	line  int    // 1-based, of the row at hand
	err   error  // the first fault
}

// fail keeps a fault of the row at hand, if it is the first one.
func (t *table) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf("%s:%d: %s", t.place, t.line, fmt.Sprintf(format, args...))
	}
}

// rows calls for every row that is not blank, with as many fields as there are
// columns, up to the first fault. The names of the columns are for messages.
func (t *table) rows(columns []string, row func(fields [][]byte)) error {
	for len(t.rest) > 0 && t.err == nil {
		var line []byte
		line, t.rest, _ = bytes.Cut(t.rest, []byte{'\n'})
		t.line++
		if line = bytes.TrimSuffix(line, []byte{'\r'}); len(line) == 0 {
			continue
		}
		if n := bytes.Count(line, []byte{','}) + 1; n != len(columns) {
			t.fail("expected %d values (%s), found %d", len(columns), strings.Join(columns, ", "), n)
		} else if !utf8.Valid(line) {
			t.fail("expected valid UTF-8")
		} else {
			row(bytes.Split(line, []byte{','}))
		}
	}
	return t.err
}

// amount reads a decimal of at most six decimals as millionths.
func (t *table) amount(field []byte, what string) int64 {
	n, ok := millionths(field)
	if !ok {
		t.fail("expected the %s (a number of at least 0 with at most 6 decimals), found %s", what, quoted(field))
	}
	return n
}

// count reads an integer from 0 to a bound.
func (t *table) count(field []byte, most int64, what string) int64 {
	n, err := strconv.ParseUint(string(field), 10, 63)
	if err != nil || int64(n) > most {
		t.fail("expected the %s (an integer from 0 to %d), found %s", what, most, quoted(field))
	}
	return int64(n)
}

// millionths reads a plain decimal such as 0.7351 exactly.
func millionths(text []byte) (int64, bool) {
	const decimals = 6
	var n int64
	left := -1 // decimals that may follow; negative before the point
	digits := 0
	for _, c := range text {
		if c == '.' && left < 0 && digits > 0 {
			left = decimals
			continue
		}
		d := int64(c - '0')
		if c < '0' || c > '9' || left == 0 || n > (math.MaxInt64-d)/10 {
			return 0, false
		}
		n = 10*n + d
		digits++
		if left > 0 {
			left--
		}
	}
	if left < 0 {
		left = decimals
	}
	for ; left > 0; left-- {
		if n > math.MaxInt64/10 {
			return 0, false
		}
		n *= 10
	}
	return n, digits > 0
}

// quoted is a field as it stands in a message.
func quoted(field []byte) string {
	const most = 40
	if len(field) > most {
		return fmt.Sprintf("%q…", field[:most])
	}
	return fmt.Sprintf("%q", field)
}
