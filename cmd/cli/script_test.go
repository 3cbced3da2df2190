package cli

import (
	"archive/tar"
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

var update = flag.Bool("update", false, "write what scripts compare with anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rearrange": func() {
		os.Exit(Main(context.Background(), catalogue.Standard(), os.Args, Streams{os.Stdin, os.Stdout, os.Stderr}))
	}})
}

// TestScripts runs testdata/script/*.txtar. Besides the usual commands they have
//
//	exits CODE COMMAND …  runs a command and wants this exit code of it
//	lines N FILE          wants so many lines in a file
//	await N FILE          waits until a file has at least so many lines
//	narrow FILE           wants no line wider than 80 columns
//	big FILE              makes 10 MB of noise
//	zip ARCHIVE FILE…     packs files into a zip archive
//	clean FILE            wants no control or direction characters, but for line ends and tabs
//	xml FILE              wants well-formed XML
//	unpack BUNDLE FOLDER  unpacks a bundle, and wants every file in its manifest, with its checksum
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "lines": lines, "await": await, "narrow": narrow, "big": big, "zip": zipFiles,
			"clean": clean, "xml": wellFormed, "unpack": unpack,
		},
		Condition: func(cond string) (bool, error) { return false, errors.New("unknown condition " + cond) },
	})
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func count(ts *testscript.TestScript, file string) int {
	if file == "stdout" || file == "stderr" {
		return strings.Count(ts.ReadFile(file), "\n")
	}
	data, err := os.ReadFile(ts.MkAbs(file))
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	ts.Check(err)
	return strings.Count(string(data), "\n")
}

func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := count(ts, args[1]); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%s has %d lines, want %s", args[1], got, args[0])
	}
}

func await(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	for range 6000 {
		if count(ts, args[1]) >= want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s never had %d lines", args[1], want)
}

func narrow(ts *testscript.TestScript, _ bool, args []string) {
	for i, line := range strings.Split(ts.ReadFile(args[0]), "\n") {
		if n := utf8.RuneCountInString(line); n > screen {
			ts.Fatalf("%s:%d is %d columns wide: %s", args[0], i+1, n, line)
		}
	}
}

func clean(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	if !utf8.ValidString(content) {
		ts.Fatalf("%s is not UTF-8", args[0])
	}
	for i, line := range strings.Split(content, "\n") {
		if got := strings.ReplaceAll(line, "\t", " "); got != prose.Clean(got) {
			ts.Fatalf("%s:%d: %q", args[0], i+1, line)
		}
	}
}

func wellFormed(ts *testscript.TestScript, _ bool, args []string) {
	d := xml.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			ts.Fatalf("%s: %v", args[0], err)
		}
	}
}

func big(ts *testscript.TestScript, _ bool, args []string) {
	noise := make([]byte, 10_000_000)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), noise, 0o644))
}

func zipFiles(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	archive := zip.NewWriter(f)
	for _, name := range args[1:] {
		w, err := archive.Create(name)
		ts.Check(err)
		_, err = io.WriteString(w, ts.ReadFile(name))
		ts.Check(err)
	}
	ts.Check(archive.Close())
	ts.Check(f.Close())
}

func unpack(ts *testscript.TestScript, _ bool, args []string) {
	in, err := fileio.Open(ts.MkAbs(args[0]), nil)
	ts.Check(err)
	defer in.Close()
	archive, sums, manifest := tar.NewReader(in), map[string]string{}, ""
	for {
		h, err := archive.Next()
		if err == io.EOF {
			break
		}
		ts.Check(err)
		data, err := io.ReadAll(archive)
		ts.Check(err)
		path := filepath.Join(ts.MkAbs(args[1]), filepath.FromSlash(h.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, data, 0o644))
		_, name, _ := strings.Cut(h.Name, "/")
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Mode != 0o644 {
			ts.Fatalf("%s: owner and mode are %d, %d, %q and %o", h.Name, h.Uid, h.Gid, h.Uname, h.Mode)
		}
		if name == "MANIFEST" {
			manifest = string(data)
		} else {
			sums[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		}
	}
	for line := range strings.Lines(manifest) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if sums[name] != sum {
			ts.Fatalf("the manifest gives %q to %q, which has %q", sum, name, sums[name])
		}
		delete(sums, name)
	}
	if len(sums) > 0 || manifest == "" {
		ts.Fatalf("the manifest lacks %v", sums)
	}
}
