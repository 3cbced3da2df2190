package fileio_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
)

func say(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestContentChangesOnDisk(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat("hello\n", 10_000)
	for _, name := range []string{"a.json", "a.json.gz", "a.json.zst", "a.json.xz", "a"} {
		path := filepath.Join(dir, name)
		for range 2 { // over itself, too
			if err := fileio.Write(path, nil, say(text)); err != nil {
				t.Fatal(err)
			}
		}
		data, err := fileio.Read(path, nil)
		if err != nil || string(data) != text {
			t.Errorf("%s: read %d bytes, %v", name, len(data), err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if packed := len(raw) < len(text)/2; packed != slices.Contains([]string{".gz", ".zst", ".xz"}, filepath.Ext(name)) {
			t.Errorf("%s has %d bytes", name, len(raw))
		}
	}
	var out bytes.Buffer
	if err := fileio.Write(fileio.Stdio, &out, say(text)); err != nil || out.String() != text {
		t.Errorf("standard output: %d bytes, %v", out.Len(), err)
	}
	if data, err := fileio.Read(fileio.Stdio, strings.NewReader(text)); err != nil || string(data) != text {
		t.Errorf("standard input: %d bytes, %v", len(data), err)
	}
}

func TestFailureLeavesAPartialFile(t *testing.T) {
	dir := t.TempDir()
	fail := errors.New("out of ideas")
	for _, name := range []string{"a.json", "a.json.gz", "a.json.zst", "a.json.xz"} {
		path := filepath.Join(dir, name)
		if err := fileio.Write(path, nil, say("before")); err != nil {
			t.Fatal(err)
		}
		err := fileio.Write(path, nil, func(w io.Writer) error {
			return errors.Join(say("half")(w), fail)
		})
		if !errors.Is(err, fail) || !strings.HasPrefix(err.Error(), "cannot write "+path+": ") {
			t.Errorf("found %v", err)
		}
		if data, err := fileio.Read(path, nil); err != nil || string(data) != "before" {
			t.Errorf("%s: found %q, %v", name, data, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 4 {
		t.Errorf("files are left over: %v", left)
	}
	if err := fileio.Write(filepath.Join(dir, "no", "such", "folder"), nil, say("x")); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	if err := fileio.Write(dir, nil, say("x")); err == nil {
		t.Error("wrote over a folder")
	}
}

// Renaming over a device or a link would replace it.
func TestWriteReplacesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "real"), link); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "real"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := fileio.Write(link, nil, say("x")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if data, _ := os.ReadFile(filepath.Join(dir, "real")); string(data) != "x" {
		t.Errorf("its target holds %q", data)
	}
	info, err := os.Stat(os.DevNull)
	if err != nil || info.Mode().IsRegular() {
		t.Skip("no null device")
	}
	// A link of our own to the device: should this ever fail, it must not cost
	// the machine its device.
	null := filepath.Join(dir, "null")
	if err := os.Symlink(os.DevNull, null); err != nil {
		t.Fatal(err)
	}
	if err := fileio.Write(null, nil, say("x")); err != nil {
		t.Error(err)
	}
	if after, err := os.Stat(null); err != nil || after.Mode().IsRegular() {
		t.Errorf("a device became a file: %v, %v", after, err)
	}
}

func TestReadErrorSaysTooLittle(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"text.gz": "{}", "text.zst": "{}", "text.xz": "{}", "empty.gz": "", "cut.gz": "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, want string }{
		{"text.gz", "FILE: expected gzip-compressed data: unexpected EOF"},
		{"text.zst", "FILE: expected zstd-compressed data: unexpected EOF"},
		{"text.xz", "FILE: expected xz-compressed data: unexpected EOF"},
		{"empty.gz", "FILE: expected gzip-compressed data: EOF"},
		{"cut.gz", "FILE: expected gzip-compressed data: unexpected EOF"},
		{"none.json", "open FILE: no such file or directory"},
		{".", "read FILE: is a directory"},
	} {
		path := filepath.Join(dir, c.name)
		_, err := fileio.Read(path, nil)
		if got := strings.ReplaceAll(fmt.Sprint(err), path, "FILE"); got != c.want {
			t.Errorf("%s:\nexpected %s\nfound    %s", c.name, c.want, got)
		}
	}
}

func TestBaseKeepsASuffix(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.json": "b", "b.json.gz": "b", "b.json.zst": "b", "b.json.xz": "b", "b": "b", "a.b.json": "a.b", "-": "-",
	} {
		if got := fileio.Base(path); got != want {
			t.Errorf("%s: expected %s, found %s", path, want, got)
		}
	}
}

func TestTitleIsNoText(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.json.gz": "b", "-": "cloud", ".json": "cloud", "a/b\xff.txt": "b\uFFFD", "日本.csv": "日本",
	} {
		if got := fileio.Title(path, "cloud"); got != want {
			t.Errorf("%q: expected %s, found %s", path, want, got)
		}
	}
}

// endless yields as much of one text as is asked for, and counts it.
type endless struct {
	text string
	n    int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text)
	}
	e.n += n
	return n, nil
}

// A reader that goes on to the end of a bomb takes the memory of the machine with it.
func TestBombIsReadToItsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("holds 800 MB")
	}
	for text, most := range map[string]int{"\x00": 100 << 20, "[]": 800 << 20} {
		bomb := &endless{text: strings.Repeat(text, 1<<16)}
		if _, err := fileio.Read(fileio.Stdio, bomb); err == nil || bomb.n > most {
			t.Errorf("%q: %d MiB were read, %v", text, bomb.n>>20, err)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"zeros.json.gz", "zeros.json.zst", "zeros.json.xz"} {
		path := filepath.Join(dir, name)
		if err := fileio.Write(path, nil, func(w io.Writer) error {
			_, err := io.CopyN(w, &endless{text: strings.Repeat("\x00", 1<<16)}, 256<<20)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := fileio.Read(path, nil)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 220<<20 || err == nil || !strings.HasPrefix(err.Error(), path+": larger than 64 MiB and not a text") {
			t.Errorf("%s: %d MiB were allocated, %v", name, got>>20, err)
		}
	}
	hole := filepath.Join(dir, "hole.json")
	if err := os.WriteFile(hole, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(hole, 5<<30); err != nil {
		t.Skip(err)
	}
	if _, err := fileio.Read(hole, nil); err == nil || err.Error() != hole+": larger than 768 MiB" {
		t.Errorf("a file with a hole: %v", err)
	}
}

// A file whose end lies about its size must be read all the same, and one without a size
// must not be held twice.
func TestSizesOfStreams(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte("short")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	second := bytes.Clone(b.Bytes())
	file := filepath.Join(t.TempDir(), "two.gz")
	// Two members: the end speaks of the second alone.
	if err := os.WriteFile(file, append(second, b.Bytes()...), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := fileio.Read(file, nil); err != nil || string(data) != "shortshort" {
		t.Errorf("%q, %v", data, err)
	}
	spaces := strings.NewReader(strings.Repeat(" ", 500<<20))
	if _, err := fileio.Read(fileio.Stdio, spaces); err == nil || !strings.Contains(err.Error(), "larger than 480 MiB") {
		t.Error(err)
	}
}
