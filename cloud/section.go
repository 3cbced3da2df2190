package cloud

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"
)

// section is an array or object of a document that was passed over, to be read when what
// it refers to is known, and in pieces by several goroutines where it is large.
type section struct {
	lexer
	given bool
	n     int   // elements, if it is well-formed
	cuts  []int // where pieces begin, of perPiece elements each but for the last
}

// perPiece is how many elements are read in one go.
const perPiece = 1 << 12

// section passes over what is between a bracket and its counterpart. It only follows
// strings and brackets: what is in it may be malformed.
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
			if len(bytes.TrimSpace(x.data[from+1:x.at-1])) > 0 {
				s.n++ // one more than there are commas
			}
			s.lexer = lexer{data: x.data[:x.at], at: from}
			return s
		}
	}
	x.fail()
	return section{}
}

// pieces is how many pieces an array has.
func (s *section) pieces() int { return len(s.cuts) }

// piece reads the elements of a piece of an array; false if they are not what element
// reads.
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

// all tells whether a section was read to its end as expected.
func (s *section) all() bool { return !s.given || s.end() }

// inParallel does n tasks on as many cores as there are.
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
