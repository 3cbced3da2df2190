package scan

import (
	"fmt"
	"math"
)

// Scanner reads a file of whitespace-separated integers. The first error ends it: from
// then on every number is 0 and every count, too, and [Scanner.End] returns the error.
type Scanner struct {
	file string
	data []byte
	pos  int
	line int // 1-based, of pos
	err  error
}

// New makes a scanner; file names the data in errors.
func New(file string, data []byte) *Scanner { return &Scanner{file: file, data: data, line: 1} }

func (s *Scanner) skipSpace() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		s.pos++
	}
}

// OK tells whether there was no error so far.
func (s *Scanner) OK() bool { return s.err == nil }

// Number reads an integer between lo and hi; lo is not negative. What says in words
// what is expected, with a %d for each of the args; it is put together only for an
// error, because a large model has a million numbers.
func (s *Scanner) Number(lo, hi int64, what string, args ...int) int64 {
	if s.err != nil {
		return 0
	}
	s.skipSpace()
	start := s.pos
	var n int64
	for s.pos < len(s.data) {
		c := s.data[s.pos] - '0'
		if c > 9 || n > (math.MaxInt64-int64(c))/10 {
			break
		}
		n = n*10 + int64(c)
		s.pos++
	}
	if s.pos == start || (s.pos < len(s.data) && !isSpace(s.data[s.pos])) || n < lo || n > hi {
		s.pos = start
		s.err = s.fail(lo, hi, what, args)
		return 0
	}
	return n
}

// Amount reads an integer of at least 0.
func (s *Scanner) Amount(what string, args ...int) int64 {
	return s.Number(0, math.MaxInt64, what, args...)
}

// Count reads how many things follow, at least lo. Their memory is to be taken as they are
// read: a damaged count must not ask for more than the file holds.
func (s *Scanner) Count(lo int64, what string, args ...int) int {
	return int(s.Number(lo, math.MaxInt32, what, args...))
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// End makes sure that there was no error and that nothing follows.
func (s *Scanner) End() error {
	if s.err != nil {
		return s.err
	}
	s.skipSpace()
	if s.pos == len(s.data) {
		return nil
	}
	return fmt.Errorf("%s:%d: expected the end of the file, found %s", s.file, s.line, s.found())
}

func (s *Scanner) fail(lo, hi int64, what string, args []int) error {
	numbers := make([]any, len(args))
	for i, a := range args {
		numbers[i] = a
	}
	bounds := fmt.Sprintf("an integer from %d to %d", lo, hi)
	if hi >= math.MaxInt32 {
		bounds = fmt.Sprintf("an integer of at least %d", lo)
	}
	return fmt.Errorf("%s:%d: expected %s (%s), found %s", s.file, s.line, fmt.Sprintf(what, numbers...), bounds, s.found())
}

// found describes what stands at the position.
func (s *Scanner) found() string {
	const most = 24 // longer than any number that fits in 63 bits
	if s.pos == len(s.data) {
		return "the end of the file"
	}
	end := s.pos
	for end < len(s.data) && !isSpace(s.data[end]) {
		if end-s.pos == most {
			return fmt.Sprintf("%q…", s.data[s.pos:end])
		}
		end++
	}
	return fmt.Sprintf("%q", s.data[s.pos:end])
}
