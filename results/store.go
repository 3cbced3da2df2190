package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/cloudrearrange/rearrange/results/internal/jsonl"
)

// lockName is the file that holds the lock of a store. It stays when the store is
// closed: removing it would let two processes lock two different files.
const lockName = ".records.lock"

// ErrClosed is the error of an append to a closed store.
var ErrClosed = errors.New("the store is closed")

// Store is a folder with records, open for appending. Its methods are safe for
// concurrent use.
type Store struct {
	dir  string
	lock *lock

	mu   sync.Mutex
	file *os.File // nil once closed
	read *reading
}

// Open opens the store in dir for reading and appending, and makes the folder if
// there is none. Until Close no other process can open it. What is on disk is
// read at once; see [Store.Problems] for what was wrong with it.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lk, err := acquire(filepath.Join(dir, lockName))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	path := filepath.Join(dir, FileName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o666)
	if err != nil {
		return nil, errors.Join(err, lk.release())
	}
	read := newReading()
	read.from(f, path)
	return &Store{dir: dir, lock: lk, file: f, read: read}, nil
}

// Look reads the store in dir without opening it: nothing is made or locked, and it takes no
// records. A folder without records, or none, is an empty store.
func Look(dir string) (*Store, error) {
	read := newReading()
	if err := read.open(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &Store{dir: dir, read: read}, nil
}

// Records returns all records, read and appended, one per run key.
func (s *Store) Records() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.read.records)
}

// Problems returns what was wrong with the file when it was opened.
func (s *Store) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.read.problems)
}

// Find finds the record of a run.
func (s *Store) Find(runKey string) (Record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.read.byKey[runKey]
	if !ok {
		return Record{}, false
	}
	return s.read.records[at.index], true
}

// Append writes a record as one line, in one write, and has it on its way to disk
// before it returns: a process killed afterwards loses nothing. An empty Format
// is filled in. A record that the reader would refuse is refused here, and so is
// a run that has a record already, unless the record is one of a rerun, which replaces it.
func (s *Store) Append(rec Record) error {
	line, err := encode(rec)
	if err != nil {
		return fmt.Errorf("%s: record of run %q: %s", s.dir, rec.RunKey, jsonl.OneLine(err))
	}
	rec.Format = RecordFormat
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return fmt.Errorf("%s: %w", s.dir, ErrClosed)
	}
	at, dup := s.read.byKey[rec.RunKey]
	if dup && !rec.Rerun {
		return fmt.Errorf("%s: run %q has a record already", s.dir, rec.RunKey)
	}
	if s.read.torn { // never glue a record onto what an interruption left
		line = append([]byte{'\n'}, line...)
	}
	n, err := s.file.Write(line)
	if err != nil {
		// What was written of the line is torn now.
		s.read.torn = s.read.torn || n > 0
		return err
	}
	s.read.torn = false
	if dup {
		s.read.records[at.index] = rec
		return nil
	}
	s.read.byKey[rec.RunKey] = place{index: len(s.read.records)}
	s.read.records = append(s.read.records, rec)
	return nil
}

// Close flushes the store to the disk and gives up its lock. Closing twice is
// no error.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Sync()
	if errors.Is(err, fs.ErrInvalid) { // a device without a disk behind it
		err = nil
	}
	err = errors.Join(err, s.file.Close(), s.lock.release())
	s.file = nil
	return err
}
