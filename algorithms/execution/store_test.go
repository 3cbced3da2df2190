package execution_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
)

// store is a journal that outlives the executor.
type store interface {
	execution.Journal
	// open reads what the executor that died has written, and makes ready for what follows.
	open() ([]execution.Entry, error)
	// read reads what is written, and last the last entry alone.
	read() ([]execution.Entry, error)
	last() (execution.Entry, error)
}

// lastOf reads the last line of a journal, behind a first one of its own.
func lastOf(data []byte) (execution.Entry, error) {
	line := data[bytes.LastIndexByte(bytes.TrimSuffix(data, []byte("\n")), '\n')+1:]
	text := fmt.Sprintf("{\"at\":0,\"event\":\"execution\",\"format\":%q}\n%s", execution.JournalFormat, line)
	entries, err := execution.ReadEntries("journal", strings.NewReader(text))
	if err != nil {
		return execution.Entry{}, err
	}
	return entries[len(entries)-1], nil
}

// errDied is the error of a journal with which the executor dies.
var errDied = errors.New("the executor died with its journal")

// death has an executor die once: at an entry of its journal, of which nothing, a part or all is written then.
type death struct {
	left int // entries until then; below 0: never
	how  int // 0: before it, 1: in the middle, 2: after it
}

// strikes tells how much of a line is written before the executor dies.
func (d *death) strikes(line []byte) (written []byte, dies bool) {
	d.left--
	return line[:[]int{0, len(line) / 2, len(line)}[d.how]], d.left == 0
}

// mortal is a journal in memory.
type mortal struct {
	bytes.Buffer
	death
}

// immortal is a journal in memory of an executor that does not die with it.
func immortal() *mortal { return &mortal{death: death{left: -1}} }

// Append implements [execution.Journal].
func (m *mortal) Append(line []byte) error {
	if part, dies := m.strikes(line); dies {
		m.Write(part)
		return errDied
	}
	m.Write(line)
	return nil
}

func (m *mortal) open() ([]execution.Entry, error) {
	m.Truncate(bytes.LastIndexByte(m.Bytes(), '\n') + 1)
	return m.read()
}

func (m *mortal) read() ([]execution.Entry, error) {
	return execution.ReadEntries("journal", bytes.NewReader(m.Bytes()))
}

func (m *mortal) last() (execution.Entry, error) { return lastOf(m.Bytes()) }

// filed is a journal in a file.
type filed struct {
	path string
	file *execution.FileJournal
	death
}

// Append implements [execution.Journal].
func (f *filed) Append(line []byte) error {
	part, dies := f.strikes(line)
	if !dies {
		return f.file.Append(line)
	}
	return errors.Join(f.file.Append(part), f.file.Close(), errDied)
}

func (f *filed) open() (entries []execution.Entry, err error) {
	if f.file == nil {
		f.file, err = execution.CreateJournal(f.path)
		return nil, err
	}
	f.file.Close() // twice, if the executor died with it
	f.file, entries, err = execution.OpenJournal(f.path)
	return entries, err
}

func (f *filed) read() ([]execution.Entry, error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	return execution.ReadEntries(f.path, bytes.NewReader(data))
}

func (f *filed) last() (execution.Entry, error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return execution.Entry{}, err
	}
	return lastOf(data)
}
