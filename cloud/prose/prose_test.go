package prose_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

func TestTerminalsAndXMLAreGivenControlCharacters(t *testing.T) {
	for name, s := range map[string]string{
		"ESC": "a\x1b[31mb", "CR": "a\rb", "NUL": "a\x00b", "override": "a\u202eb", "isolate": "a\u2066b",
		"C1": "a\u009bb", "raw C1": "a\x9bb", "not UTF-8": "a\xffb", "line separator": "a\u2028b",
		"line end": "a\nb", "tab": "a\tb", "noncharacter": "a\ufffeb", "byte order mark": "a\ufeffb",
	} {
		got := prose.Clean(s)
		if want := strings.Replace("a?b", "?", "\uFFFD", 1); name != "ESC" && got != want || strings.ContainsRune(got, 0x1b) {
			t.Errorf("%s: %q", name, got)
		}
		if err := xml.Unmarshal([]byte("<x>"+got+"</x>"), new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := "naïve 日本 é — 🙂"; prose.Clean(s) != s {
		t.Errorf("%q was changed to %q", s, prose.Clean(s))
	}
	var b bytes.Buffer
	fmt.Fprintf(prose.Writer{To: &b}, "%s\n\tx\r\n", "a\x1bb")
	if want := "a\uFFFDb\n\tx\uFFFD\n"; b.String() != want {
		t.Errorf("written: %q, want %q", b.String(), want)
	}
}

func TestCountsAreNotEnglish(t *testing.T) {
	for n, want := range map[int]string{0: "0 hosts", 1: "1 host", 2: "2 hosts", 12345: "12,345 hosts"} {
		if got := prose.Count(n, "host"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestAbridgedTextIsTooLongOrBroken(t *testing.T) {
	for s, want := range map[string]string{"": `""`, "four": `"four"`, "fives": `"five"…`, "日本": `"日"…`, "a\nb": `"a\nb"`} {
		if got := prose.Quote(s, 4); got != want || !utf8.ValidString(prose.Abridge(s, 4)) {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

func TestEscapedJSONMeansSomethingElse(t *testing.T) {
	s := "a\u009b\u202e\x7f\U000e0001é\u2028"
	document, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	escaped, back := prose.EscapeJSON(string(document)), ""
	if err := json.Unmarshal([]byte(escaped), &back); err != nil || back != s || escaped == string(document) {
		t.Errorf("%s means %q, %v", escaped, back, err)
	}
}

func TestDurationsAreNotWhatPeopleSay(t *testing.T) {
	for text, want := range map[string]string{
		"0s": "0 s", "1ns": "0 µs", "230.44µs": "230 µs", "999.9999µs": "1 ms", "1.234ms": "1.2 ms", "9.996ms": "10 ms",
		"320.4ms": "320 ms", "999.6ms": "1 s", "1s": "1 s", "1.04s": "1 s", "41.45s": "41.5 s", "59.94s": "59.9 s", "59.95s": "1 min",
		"60s": "1 min", "14m52.4s": "14 min 52 s", "59m59.4s": "59 min 59 s", "59m59.5s": "1 h", "2h5m29s": "2 h 5 min",
		"23h59m29s": "23 h 59 min", "23h59m31s": "1 d", "76h": "3 d 4 h", "76h40m": "3 d 5 h", "24000h": "1,000 d", "-90s": "-1 min 30 s",
	} {
		d, err := time.ParseDuration(text)
		if got := prose.Duration(d); err != nil || got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for _, d := range []time.Duration{math.MaxInt64, math.MinInt64} {
		if got := prose.Duration(d); got == "" {
			t.Errorf("%d: nothing", d)
		}
	}
}
