package fileio

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// Stdio is the path that stands for standard input or output.
const Stdio = "-"

// maxBytes bounds what is held of one file, decompressed: twice what a cloud of 100,000
// hosts and 1.7 million VMs takes. Larger files are refused before they are read. The limit of
// a stream of unknown length is lower, because it is copied once.
const (
	maxBytes  = 768 << 20
	maxStream = 480 << 20
)

// maxWindow bounds the window of a zstd stream: the largest that zstd itself writes and
// reads unless asked for more.
const maxWindow = 128 << 20

// maxBinary bounds what may be no text. Archives are within it, and so is a text in
// another encoding, of which its reader can say so.
const maxBinary = 64 << 20

// Read returns the whole content of a file, decompressed by its suffix. It refuses what is
// too large, and what is large and no text, as soon as that shows, so that neither a small
// archive nor a file with holes fills the memory.
func Read(path string, stdin io.Reader) ([]byte, error) { return ReadShare(path, stdin, 1) }

// ReadShare is [Read] for one of several files that are held together: each may be as large
// as its share.
func ReadShare(path string, stdin io.Reader, files int) ([]byte, error) {
	r, err := Open(path, stdin)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := readAll(r, sizeOf(r), claimedSize(path), files)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return data, nil
}

// sizeOf is the size of a plain file; otherwise 0.
func sizeOf(r io.Reader) int64 {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// claimedSize is the size of a gzip-compressed file once decompressed, as its end says,
// which may be wrong; otherwise 0.
func claimedSize(path string) int64 {
	if filepath.Ext(path) != ".gz" {
		return 0
	}
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	var end [4]byte
	if _, err := f.Seek(-int64(len(end)), io.SeekEnd); err != nil {
		return 0
	}
	if _, err := io.ReadFull(f, end[:]); err != nil {
		return 0
	}
	return min(int64(binary.LittleEndian.Uint32(end[:])), maxBytes)
}

// readAll reads a file of a size that is known, or 0. What was read is kept in chunks and
// copied once, as a buffer that grows would be held three times over. A size that is only
// claimed is believed once more was read than a file that is no text may have.
func readAll(r io.Reader, size, claimed int64, files int) ([]byte, error) {
	most, mostOfStream := maxBytes/files, maxStream/files
	if size > int64(most) {
		return nil, &tooLargeError{most, ""}
	}
	claimed = min(claimed, int64(most))
	const least, step = 64 << 10, 16 << 20
	var chunks [][]byte
	total, text, limit := 0, true, mostOfStream
	if size > 0 {
		limit = most
	}
	room := make([]byte, max(int(size)+bytes.MinRead, least)) // for the next chunks
	for next := least; ; next = min(2*next, step) {
		if len(room) == 0 {
			room = make([]byte, next)
		}
		n, err := fillUp(r, room[:min(len(room), step)])
		chunks, room = append(chunks, room[:n]), room[n:]
		total += n
		text = text && bytes.IndexByte(chunks[len(chunks)-1], 0) < 0
		switch {
		case total > maxBinary && !text:
			return nil, errNoText
		case total > most:
			return nil, &tooLargeError{most, ""}
		case total > limit:
			return nil, &tooLargeError{limit, ", which is the limit where the size is not known beforehand"}
		case err == io.EOF:
			return join(chunks, total), nil
		case err != nil:
			return nil, err
		}
		if total > maxBinary && claimed > int64(total) {
			data := append(make([]byte, 0, int(claimed)+bytes.MinRead), join(chunks, total)...)
			chunks, room = [][]byte{data}, data[total:cap(data)]
			claimed, limit = 0, most
		}
	}
}

// join makes one slice of chunks, in place where they stand one behind the other.
func join(chunks [][]byte, total int) []byte {
	if first := chunks[0]; cap(first) >= total && (len(chunks) == 1 || len(chunks[1]) == 0 || &first[:len(first)+1][len(first)] == &chunks[1][0]) {
		return first[:total]
	}
	data := make([]byte, 0, total)
	for i, c := range chunks {
		data = append(data, c...)
		chunks[i] = nil
	}
	return data
}

// fillUp is [io.ReadFull], but for a stream that was cut short: its error stays.
func fillUp(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var more int
		more, err = r.Read(p[n:])
		n += more
	}
	return n, err
}

// tooLargeError says that a file is larger than its limit.
type tooLargeError struct {
	bytes int
	why   string
}

func (e *tooLargeError) Error() string {
	return fmt.Sprintf("larger than %d MiB%s", e.bytes>>20, e.why)
}

var errNoText = fmt.Errorf("larger than %d MiB and not a text: it holds NUL bytes", maxBinary>>20)

// unreadable names the file once, and says what its suffix promised.
func unreadable(path string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return err // names it itself
	}
	if _, tooLarge := errors.AsType[*tooLargeError](err); tooLarge || err == errNoText {
		return fmt.Errorf("%s: %w", path, err)
	}
	switch filepath.Ext(path) {
	case ".gz":
		return fmt.Errorf("%s: expected gzip-compressed data: %w", path, err)
	case ".zst":
		return fmt.Errorf("%s: expected zstd-compressed data: %w", path, err)
	case ".xz":
		return fmt.Errorf("%s: expected xz-compressed data: %w", path, err)
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
		z, err := zstd.NewReader(f, zstd.WithDecoderMaxMemory(maxBytes), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return stack{z, []func() error{func() error { z.Close(); return nil }, f.Close}}, nil
	case ".xz":
		z, err := xz.ReaderConfig{DictCap: maxWindow}.NewReader(bufio.NewReader(f))
		if err != nil {
			f.Close()
			return nil, unreadable(path, err)
		}
		return stack{z, []func() error{f.Close}}, nil
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
	case ".xz":
		enc, err := xz.NewWriter(w)
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
	for _, suffix := range []string{".gz", ".zst", ".xz"} {
		b = strings.TrimSuffix(b, suffix)
	}
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
