package alibaba2018

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// The tables, by a word that the name of each one's member contains.
const (
	machineTable = iota
	appTable
	deployTable
	interferenceTable
	tables
)

var tableWords = [tables]string{"machine_resources", "app_resources", "instance_deploy", "app_interference"}

// maxTableBytes bounds what is unpacked of one member, four times the largest of the
// competition: a small hostile archive must not fill the memory.
const maxTableBytes = 64 << 20

// open unpacks the four tables. Members are found by their names; others, such as the
// sample of a submission, are none of ours. Nothing is written anywhere, so that a
// hostile path in a name is just a name.
func open(file string, r io.ReaderAt, size int64) ([tables]*table, error) {
	var out [tables]*table
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return out, fmt.Errorf("%s: expected a zip archive: %w", file, err)
	}
	for kind, word := range tableWords {
		f, err := member(archive, word)
		if err != nil {
			return out, fmt.Errorf("%s: %w", file, err)
		}
		t := &table{place: file + ":" + shown(path.Base(f.Name))}
		if t.rest, err = unpack(f); err != nil {
			return out, fmt.Errorf("%s: %w", t.place, err)
		}
		out[kind] = t
	}
	return out, nil
}

// member finds the one CSV file whose name contains the word. A name that starts with
// a dot is one that some operating system left behind.
func member(archive *zip.Reader, word string) (*zip.File, error) {
	var found *zip.File
	for _, f := range archive.File {
		name := path.Base(f.Name)
		if !strings.Contains(name, word) || !strings.HasSuffix(name, ".csv") || strings.HasPrefix(name, ".") {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("expected one member with %s in its name, found %s and %s", word, shown(found.Name), shown(f.Name))
		}
		found = f
	}
	if found == nil {
		return nil, fmt.Errorf("expected a member with %s in its name, such as %s.csv", word, word)
	}
	return found, nil
}

func unpack(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxTableBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxTableBytes {
		return nil, fmt.Errorf("larger than %d MiB when unpacked", maxTableBytes>>20)
	}
	return data, nil
}

// shown is a name as it may stand in a message of one line.
func shown(name string) string {
	const most = 100 // the names of the competition have 60 characters
	if len(name) > most {
		name = name[:most] + "…"
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) {
		return strconv.Quote(name)
	}
	return name
}
