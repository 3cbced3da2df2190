package fileio

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Stdio is the path that stands for standard input or output.
const Stdio = "-"

// maxBytes bounds what is read from one file after decompression, so that a small
// hostile archive cannot fill the memory.
const maxBytes = 4 << 30

// Read returns the whole content of a file, decompressed by its suffix.
func Read(path string, stdin io.Reader) ([]byte, error) {
	r, err := Open(path, stdin)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	// Where the size is known, the buffer is allocated once.
	var data bytes.Buffer
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			data.Grow(int(min(info.Size(), maxBytes)) + bytes.MinRead)
		}
	}
	if _, err := data.ReadFrom(io.LimitReader(r, maxBytes+1)); err != nil {
		return nil, unreadable(path, err)
	}
	if data.Len() > maxBytes {
		return nil, fmt.Errorf("%s: larger than %d GiB", path, maxBytes>>30)
	}
	return data.Bytes(), nil
}

// unreadable names the file once, and says what its suffix promised.
func unreadable(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err // names it itself
	}
	switch filepath.Ext(path) {
	case ".gz":
		return fmt.Errorf("%s: expected gzip-compressed data: %w", path, err)
	case ".zst":
		return fmt.Errorf("%s: expected zstd-compressed data: %w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Open opens a file for reading, decompressed by its suffix. Stdin serves `-`; when
// it is nil, the process's own standard input does.
func Open(path string, stdin io.Reader) (io.ReadCloser, error) {
	if path == Stdio {
		if stdin == nil {
			stdin = os.Stdin
		}
		return io.NopCloser(stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	switch filepath.Ext(path) {
	case ".gz":
		z, err := gzip.NewReader(bufio.NewReader(f))
		if err != nil {
			f.Close()
			return nil, unreadable(path, err)
		}
		return stack{z, []func() error{z.Close, f.Close}}, nil
	case ".zst":
		z, err := zstd.NewReader(f)
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return stack{z, []func() error{func() error { z.Close(); return nil }, f.Close}}, nil
	}
	return f, nil
}

type stack struct {
	io.Reader
	closers []func() error
}

func (s stack) Close() error {
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// Write makes a file out of what the function writes, compressed by its suffix. The
// file is written beside its place and renamed, so that a failure leaves what was
// there before. A symbolic link is followed; what is no regular file, such as
// /dev/null or a pipe, is written to as it is. Stdout serves `-`.
func Write(path string, stdout io.Writer, write func(io.Writer) error) error {
	if path == Stdio {
		if stdout == nil {
			stdout = os.Stdout
		}
		b := bufio.NewWriter(stdout)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	if err := writeFile(path, write); err != nil {
		if e, ok := errors.AsType[*fs.PathError](err); ok && e.Op == "write" {
			err = e.Err // of the file just named, or of its temporary double
		}
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) (err error) {
	ext := filepath.Ext(path)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(fill(f, ext, write), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := fill(f, ext, write); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func fill(f *os.File, ext string, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(f, 1<<16)
	if err := compressed(b, ext, write); err != nil {
		return err
	}
	return b.Flush()
}

func compressed(w io.Writer, ext string, write func(io.Writer) error) error {
	var z io.WriteCloser
	switch ext {
	case ".gz":
		z = gzip.NewWriter(w)
	case ".zst":
		enc, err := zstd.NewWriter(w)
		if err != nil {
			return err
		}
		z = enc
	default:
		return write(w)
	}
	if err := write(z); err != nil {
		return errors.Join(err, z.Close())
	}
	return z.Close()
}

// Base is the file's name without folder, compression suffix and extension.
func Base(path string) string {
	b := filepath.Base(path)
	b = strings.TrimSuffix(strings.TrimSuffix(b, ".gz"), ".zst")
	return strings.TrimSuffix(b, filepath.Ext(b))
}

// Title is [Base] for readers: text in UTF-8, and another one where the file has none, as
// standard input.
func Title(path, otherwise string) string {
	if b := Base(path); b != "" && path != Stdio {
		return strings.ToValidUTF8(b, "\uFFFD")
	}
	return otherwise
}
