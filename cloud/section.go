package cloud

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"
)

// section is an array or object of a document that was skipped at first, to be read once
// the names it refers to are known. An array can be read in pieces by several goroutines.
type section struct {
	lexer
	given bool
	n     int   // number of elements, if it is well-formed
	cuts  []int // offsets at which the pieces begin
}

// perPiece is the number of elements of every piece but the last.
const perPiece = 1 << 12

// section skips an array or object that begins with the given bracket. It looks at strings
// and brackets only: what is inside may be malformed.
func (x *lexer) section(bracket byte) section {
	if x.peek() != bracket {
		x.fail()
		return section{}
	}
	s := section{given: true}
	from, depth := x.at, 0
	for x.at < len(x.data) {
		c := x.data[x.at]
		if c == '"' {
			x.skipText()
			continue
		}
		x.at++
		switch c {
		case '{', '[':
			if depth++; depth == 1 {
				s.cuts = append(s.cuts, x.at)
			}
		case ',':
			if depth == 1 {
				if s.n++; s.n%perPiece == 0 {
					s.cuts = append(s.cuts, x.at)
				}
			}
		case '}', ']':
			if depth--; depth > 0 {
				continue
			}
			if c != bracket+2 { // in ASCII, ']' is '[' + 2 and '}' is '{' + 2
				x.fail()
			}
			if len(bytes.TrimSpace(x.data[from+1:x.at-1])) > 0 {
				s.n++ // one more than there are commas
			}
			if x.at-from < 3*s.n+1 { // no element is shorter than {}; memory is allocated by their number
				x.fail()
			}
			s.lexer = lexer{data: x.data[:x.at], at: from}
			return s
		}
	}
	x.fail()
	return section{}
}

// pieces returns the number of pieces of an array.
func (s *section) pieces() int { return len(s.cuts) }

// piece reads the elements of one piece of an array, each with element, and reports
// whether all were read without a failure.
func (s *section) piece(n int, element func(x *lexer, i int)) bool {
	end := len(s.data) - 1
	if n+1 < len(s.cuts) {
		end = s.cuts[n+1] - 1
	}
	x := lexer{data: s.data[:end], at: s.cuts[n]}
	for i := n * perPiece; i < min((n+1)*perPiece, s.n) && !x.failed; i++ {
		if i > n*perPiece {
			x.take(',')
		}
		element(&x, i)
	}
	return x.end()
}

// all reports whether the section, if it was given, was read to its end without a failure.
func (s *section) all() bool { return !s.given || s.end() }

// inParallel runs n tasks on all cores and waits for them.
func inParallel(n int, task func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers < 2 {
		for i := range n {
			task(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				task(int(i))
			}
		})
	}
	group.Wait()
}
