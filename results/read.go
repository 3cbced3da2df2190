package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/results/internal/jsonl"
)

// FileName is the name of the file with the records in a store's folder.
const FileName = "records.jsonl"

// maxLineBytes bounds one record. The longest parts of a record are its
// incumbents; a quarter of a million would fit.
const maxLineBytes = 64 << 20

// maxProblems bounds how many problems are listed: a file that is none of records has as
// many as it has lines.
const maxProblems = 10_000

// Problem is a fault in a file of records, with its place. It implements error.
type Problem struct {
	File   string
	Line   int // 1-based
	Reason string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Reason) }

// Error implements error.
func (p Problem) Error() string { return p.String() }

// Read reads the records of files, or of the stores in folders, one after the other.
// Names that end in .gz or .zst are decompressed; in a folder without records.jsonl,
// its .zst or .gz form is looked for.
//
// Faulty lines become problems and stop nothing. Where two records have the same
// run_key, the last one wins, in the place of the first; unless it is of a rerun, a problem
// names both. The error is about a file itself: it is missing, or cannot be opened.
func Read(paths ...string) ([]Record, []Problem, error) {
	l := newReading()
	for _, path := range paths {
		if err := l.open(path); err != nil {
			return nil, nil, err
		}
	}
	return l.records, l.problems, nil
}

func (l *reading) open(path string) error {
	path, err := locate(path)
	if err != nil {
		return err
	}
	in, err := fileio.Open(path, nil)
	if err != nil {
		return err
	}
	defer in.Close()
	l.from(in, path)
	return nil
}

func locate(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, err
	}
	plain := filepath.Join(path, FileName)
	for _, suffix := range []string{"", ".zst", ".gz"} {
		if _, err := os.Stat(plain + suffix); err == nil {
			return plain + suffix, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s: no %s in this folder: %w", path, FileName, fs.ErrNotExist)
}

// reading is what has been read so far.
type reading struct {
	file     string // the one being read
	records  []Record
	problems []Problem
	byKey    map[string]place
	alike    alike
	torn     bool // the last line has no line end
}

func newReading() *reading { return &reading{byKey: map[string]place{}, alike: newAlike()} }

// place is where the record of a run key stands.
type place struct {
	index, line int
	file        string
}

func (l *reading) problem(line int, format string, args ...any) {
	if n := len(l.problems); n == maxProblems {
		format, args = "too many problems; those of later lines are not listed", nil
	} else if n > maxProblems {
		return
	}
	l.problems = append(l.problems, Problem{l.file, line, fmt.Sprintf(format, args...)})
}

// from reads lines until the end of in, or until in fails, which is a problem
// as well: a compressed file that was cut short still holds good records.
func (l *reading) from(in io.Reader, name string) {
	l.file = name
	r := bufio.NewReaderSize(in, 1<<16)
	for n := 1; ; n++ {
		line, tooLong, err := readLine(r)
		ended := err == nil // with a line end
		switch text := bytes.TrimSpace(line); {
		case tooLong:
			l.problem(n, "the line is longer than %d MiB: not a record", maxLineBytes>>20)
		case len(text) == 0:
		default:
			rec, bad := decode(text, l.alike.decode)
			switch {
			case bad == nil:
				l.alike.share(&rec)
				l.add(rec, n)
				if !ended {
					l.problem(n, "no line end after the last record; it is whole and was kept")
				}
			case !ended:
				l.problem(n, "torn line, the writer was interrupted: %s", jsonl.OneLine(bad))
			default:
				l.problem(n, "%s", jsonl.OneLine(bad))
			}
		}
		if len(l.problems) > maxProblems && len(l.records) == 0 {
			l.problems[maxProblems].Reason = "no line so far was a record; the rest of the file was not read"
			l.torn = true // perhaps
			return
		}
		if ended {
			continue
		}
		l.torn = len(line) > 0
		if err != io.EOF {
			l.problem(n, "reading failed here, what follows is lost: %v", err)
		}
		return
	}
}

// add keeps a record; a later one replaces an earlier one of the same run.
func (l *reading) add(rec Record, line int) {
	at, seen := l.byKey[rec.RunKey]
	if !seen {
		l.byKey[rec.RunKey] = place{len(l.records), line, l.file}
		l.records = append(l.records, rec)
		return
	}
	where := fmt.Sprintf("on line %d", at.line)
	if at.file != l.file {
		where += " of " + at.file
	}
	if !rec.Rerun {
		l.problem(line, "run_key %q was already %s; this later record replaces it", rec.RunKey, where)
	}
	l.records[at.index] = rec
	l.byKey[rec.RunKey] = place{at.index, line, l.file}
}

// readLine reads up to and with the next line end. A line longer than
// maxLineBytes is skipped rather than held.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxLineBytes {
			tooLong = true
			line = line[:min(1, len(line))] // not empty: the line may be torn
		} else if !tooLong {
			line = append(line, part...)
		}
		if err != bufio.ErrBufferFull {
			return line, tooLong, err
		}
	}
}
