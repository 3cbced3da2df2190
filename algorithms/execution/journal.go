package execution

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/cloud"
)

// JournalFormat is the format that the first entry of a journal names.
const JournalFormat = "rearrange/journal/1"

// Event is what an entry of a journal tells.
type Event string

// The events. A request is followed by accepted or refused, and one that is accepted by ended or failed; of one without
// effect it was not heard whether it was accepted, and its VM did not go anywhere.
const (
	EventExecution Event = "execution" // the first entry
	EventResumed   Event = "resumed"
	EventPlan      Event = "plan" // the steps that are left from now on, and the target that they lead to
	EventRequest   Event = "request"
	EventAccepted  Event = "accepted"
	EventRefused   Event = "refused"
	EventEnded     Event = "ended"
	EventFailed    Event = "failed"
	EventNoEffect  Event = "no effect"
	EventAbort     Event = "abort"    // of a step that takes too long
	EventGivenUp   Event = "given up" // the VM stays where it is
	EventChanged   Event = "changed"  // the cloud looks different from what the executor has done
	EventStopped   Event = "stopped"  // on demand; the execution can be resumed
	EventFinished  Event = "finished"
)

// Entry is one line of a journal.
type Entry struct {
	At       int64             `json:"at"` // in ms, by the clock of the cloud
	Event    Event             `json:"event"`
	ID       int64             `json:"id,omitzero"` // of the request
	Action   cloud.Action      `json:"action,omitzero"`
	VM       string            `json:"vm,omitzero"`
	From     string            `json:"from,omitzero"`
	To       string            `json:"to,omitzero"`
	Cost     int64             `json:"cost,omitzero"`
	Why      string            `json:"why,omitzero"`
	Steps    []PlannedStep     `json:"steps,omitempty"`
	Target   map[string]string `json:"target,omitempty"` // VM -> host
	Missed   string            `json:"missed,omitzero"`  // of a plan: why it does not lead to the target
	Proved   bool              `json:"proved,omitzero"`  // of a plan: it is proved that none leads there
	Reached  bool              `json:"reached,omitzero"`
	Format   string            `json:"format,omitzero"`
	Instance string            `json:"instance_sha256,omitzero"`
	Plan     string            `json:"plan_sha256,omitzero"`
}

// PlannedStep is a step of a plan in a journal.
type PlannedStep struct {
	Action cloud.Action `json:"action"`
	VM     string       `json:"vm"`
	From   string       `json:"from,omitzero"`
	To     string       `json:"to,omitzero"`
}

// Journal keeps the entries of an execution.
type Journal interface {
	// Append returns once the line is where it outlives the executor.
	Append(line []byte) error
}

// FileJournal is a journal in a file.
type FileJournal struct{ file *os.File }

// CreateJournal makes the file of a new journal. It is an error if the file exists.
func CreateJournal(path string) (*FileJournal, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	return &FileJournal{f}, nil
}

// OpenJournal reads the journal of an execution, and opens it for the entries to come. What an executor that was killed left of its last line
// is cut off.
func OpenJournal(path string) (*FileJournal, []Entry, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o666)
	if err != nil {
		return nil, nil, err
	}
	entries, size, err := readEntries(path, f)
	if err == nil {
		err = f.Truncate(size)
	}
	if err == nil {
		_, err = f.Seek(size, io.SeekStart)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return &FileJournal{f}, entries, nil
}

// Append implements [Journal]: the line has reached the disk when it returns.
func (j *FileJournal) Append(line []byte) error {
	if _, err := j.file.Write(line); err != nil {
		return err
	}
	return j.file.Sync()
}

// Close closes the file.
func (j *FileJournal) Close() error { return j.file.Close() }

// ReadEntries reads a journal. A last line without an end is left out.
func ReadEntries(name string, r io.Reader) ([]Entry, error) {
	out, _, err := readEntries(name, r)
	return out, err
}

// readEntries also tells how many bytes whole lines take.
func readEntries(name string, r io.Reader) (out []Entry, size int64, err error) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		size += int64(len(line))
		var e Entry
		if err := json.Unmarshal(bytes.TrimSpace(line), &e, json.RejectUnknownMembers(true)); err != nil {
			return nil, 0, fmt.Errorf("%s:%d: no entry of a journal: %w", name, len(out)+1, err)
		}
		out = append(out, e)
	}
	if len(out) > 0 && out[0].Format != JournalFormat {
		return nil, 0, fmt.Errorf("%s:1: expected format %q, found %q", name, JournalFormat, out[0].Format)
	}
	return out, size, nil
}

// line is the entry as it stands in a journal.
func (e *Entry) line() ([]byte, error) {
	out, err := json.Marshal(e, json.Deterministic(true))
	return append(out, '\n'), err
}
