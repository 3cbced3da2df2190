package scan

import (
	"fmt"
	"math"
)

// Scanner reads a file of whitespace-separated integers.
type Scanner struct {
	file string
	data []byte
	pos  int
	line int // 1-based, of pos
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

// Next reads an integer between lo and hi; lo is not negative. What says in words
// what is expected, with a %d for each of the args; it is put together only for an
// error, because a large model has a million numbers.
func (s *Scanner) Next(lo, hi int64, what string, args ...int) (int64, error) {
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
		return 0, s.fail(lo, hi, what, args)
	}
	return n, nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// End makes sure that nothing follows.
func (s *Scanner) End() error {
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
