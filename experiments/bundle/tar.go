package bundle

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// manifest is the name of the file with the checksums of all others.
const manifest = "MANIFEST"

// content writes what a file holds, the same each time.
type content func(io.Writer) error

func bytesOf(data []byte) content {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

func onDisk(path string) content {
	return func(w io.Writer) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	}
}

// file is one in the archive; its name has slashes and starts in the bundle's folder.
type file struct {
	name    string
	content content
	sum     string // SHA-256
	size    int64
}

// summed counts and hashes what is written.
type summed struct {
	size int64
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func newSummed() *summed { return &summed{hash: sha256.New()} }

func (s *summed) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	return s.hash.Write(p)
}

func (s *summed) sum() string { return hex.EncodeToString(s.hash.Sum(nil)) }

// sealed sorts files, sums them, and adds the manifest.
func sealed(ctx context.Context, files []file) ([]file, error) {
	byName := func(a, b file) int { return strings.Compare(a.name, b.name) }
	slices.SortFunc(files, byName)
	var list bytes.Buffer
	for i := range files {
		f := &files[i]
		if i > 0 && files[i-1].name == f.name {
			return nil, fmt.Errorf("two files would be %s", f.name)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s := newSummed()
		if err := f.content(s); err != nil {
			return nil, err
		}
		f.size, f.sum = s.size, s.sum()
		fmt.Fprintf(&list, "%s  %s\n", f.sum, f.name)
	}
	s := newSummed()
	if _, err := s.Write(list.Bytes()); err != nil {
		return nil, err
	}
	files = append(files, file{manifest, bytesOf(list.Bytes()), s.sum(), s.size})
	slices.SortFunc(files, byName)
	return files, nil
}

// Write writes the archive as tar. A file that is no longer as it was summed is an error.
func (b *Bundle) Write(w io.Writer) error {
	t := tar.NewWriter(w)
	for _, f := range b.files {
		err := t.WriteHeader(&tar.Header{
			Typeflag: tar.TypeReg, Name: b.Name + "/" + f.name, Size: f.size, Mode: 0o644, ModTime: b.date,
		})
		if err != nil {
			return err
		}
		s := newSummed()
		err = f.content(io.MultiWriter(t, s))
		if errors.Is(err, tar.ErrWriteTooLong) || err == nil && s.sum() != f.sum {
			return fmt.Errorf("%s changed while it was packed: try again", f.name)
		}
		if err != nil {
			return err
		}
	}
	return t.Close()
}
