package cli

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Streams are what a program reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// watched remembers the first error of a writer, so that no command needs to look at
// every line that it prints.
type watched struct {
	io.Writer
	err error
}

func (w *watched) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.Writer.Write(p)
	if err != nil {
		w.err = fmt.Errorf("cannot write to standard output: %w", bare(err))
	}
	return n, w.err
}

func (w *watched) Unwrap() io.Writer { return w.Writer }

// text is standard output for what people read. What programs read goes to s.out as it is.
func (s program) text() io.Writer { return prose.Writer{To: s.out} }

// fileOf is the file that a writer writes to in the end, nil if there is none.
func fileOf(w io.Writer) *os.File {
	for {
		switch x := w.(type) {
		case *os.File:
			return x
		case interface{ Unwrap() io.Writer }:
			w = x.Unwrap()
		default:
			return nil
		}
	}
}

func isTerminal(w io.Writer) bool {
	f := fileOf(w)
	return f != nil && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is the width of a terminal in columns, 0 where there is none.
func terminalWidth(w io.Writer) int {
	f := fileOf(w)
	if f == nil {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
