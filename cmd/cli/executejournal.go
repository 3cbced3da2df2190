package cli

import (
	"bytes"
	"errors"
	"io/fs"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

// keptJournal is the journal of an execution: in a file or, on a simulated cloud, in memory if no file is named.
type keptJournal struct {
	path   string
	file   *execution.FileJournal
	memory bytes.Buffer
}

// Append implements [execution.Journal].
func (k *keptJournal) Append(line []byte) error {
	if k.file != nil {
		return k.file.Append(line)
	}
	_, err := k.memory.Write(line)
	return err
}

// reopen reads the journal as an executor does that knows nothing else.
func (k *keptJournal) reopen() (known []execution.Entry, err error) {
	if k.file == nil {
		return execution.ReadEntries("the journal", bytes.NewReader(k.memory.Bytes()))
	}
	if err := k.file.Close(); err != nil {
		return nil, err
	}
	k.file, known, err = execution.OpenJournal(k.path)
	return known, err
}

// close closes the file. Every line of it is on the disk already.
func (k *keptJournal) close() {
	if k.file != nil {
		_ = k.file.Close()
	}
}

// openJournal makes the journal, or opens the one of an execution to be resumed.
func (j *job) openJournal(simulated bool) (k *keptJournal, known []execution.Entry, err error) {
	k = &keptJournal{path: j.c.String("journal")}
	switch {
	case k.path == "" && simulated:
		return k, nil, nil
	case k.path == "":
		return nil, nil, usage("%s needs --journal FILE: without a journal, an execution that is killed cannot be resumed", j.on.Name)
	case k.path == fileio.Stdio:
		return nil, nil, usage("--journal needs the name of a file, found %q", k.path)
	case j.c.Bool("resume"):
		k.file, known, err = execution.OpenJournal(k.path)
		if err == nil && len(known) == 0 {
			return nil, nil, usage("%s: the journal is empty: there is nothing to resume", k.path)
		}
	default:
		if err := checkOutput(k.path); err != nil {
			return nil, nil, err
		}
		k.file, err = execution.CreateJournal(k.path)
		if errors.Is(err, fs.ErrExist) {
			return nil, nil, usage("%s exists already: --resume goes on from it; name another file for a new execution", k.path)
		}
	}
	if err == nil && known != nil {
		err = j.resumable(known)
	}
	return k, known, unreadable(k.path, err)
}

// resumable tells whether an execution of this plan can go on from a journal.
func (j *job) resumable(known []execution.Entry) error {
	path := j.c.String("journal")
	if known[0].Instance != j.in.SHA256() || known[0].Plan != j.plan.StepsSHA256(j.in) {
		return usage("%s is the journal of another instance or plan", path)
	}
	if known[len(known)-1].Event == execution.EventFinished {
		return usage("%s: the execution has finished: there is nothing to resume", path)
	}
	return nil
}
