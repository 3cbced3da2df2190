package cloud

import (
	"reflect"
	"strings"
	"testing"
)

// WireFields lists every member of every object of the two formats, as
// "type.member", for the test that compares them with the documentation.
func WireFields() map[string][]string {
	out := map[string][]string{}
	for name, t := range map[string]reflect.Type{
		"instance": reflect.TypeFor[wireInstance](), "resource": reflect.TypeFor[wireResource](),
		"host": reflect.TypeFor[wireHost](), "vm": reflect.TypeFor[wireVM](), "group": reflect.TypeFor[wireGroup](),
		"plan": reflect.TypeFor[wirePlan](), "step": reflect.TypeFor[wireStep](), "schedule": reflect.TypeFor[wireSchedule](),
	} {
		out[name] = fieldsOf(t)
	}
	return out
}

// FormOfInstance and FormOfPlan say what is wrong with the form of a document, without
// the readers that take it for granted.
func FormOfInstance(data []byte) error { return unmarshal("", data, InstanceFormat, new(wireInstance)) }
func FormOfPlan(data []byte) error     { return unmarshal("", data, PlanFormat, new(wirePlan)) }

func TestLocateMissesItsPlace(t *testing.T) {
	const doc = "\n{\n  \"a\": 1,\n  \"b\": [10, {\"c/d\": true,\n    \"e~f\": [[], {}]}],\n  \"ü\": \"x\", \"g\": {\n\t\"\\u0068\" : 5}, \"\": 0\n}\n"
	lines := strings.Split(doc, "\n")
	for _, c := range []struct {
		pointer   string
		line, col int
		at        string // what stands there
	}{
		{"", 2, 1, "{"},
		{"/a", 3, 3, `"a"`},
		{"/b", 4, 3, `"b"`},
		{"/b/0", 4, 9, "10"},
		{"/b/1", 4, 13, "{"},
		{"/b/1/c~1d", 4, 14, `"c/d"`},
		{"/b/1/e~0f", 5, 5, `"e~f"`},
		{"/b/1/e~0f/0", 5, 13, "[]"},
		{"/b/1/e~0f/1", 5, 17, "{}"},
		{"/b/1/e~0f/1/x", 5, 17, "{}"}, // not there: its object
		{"/b/1/e~0f/7", 5, 5, `"e~f"`}, // not there: its array
		{"/b/1/missing", 4, 13, "{"},   // "
		{"/b/2", 4, 3, `"b"`},          // "
		{"/b/x", 4, 3, `"b"`},          // "
		{"/b/-1", 4, 3, `"b"`},         // "
		{"/a/b/c", 3, 3, `"a"`},        // below a number
		{"/nothing/here", 2, 1, "{"},   // "
		{"/ü", 6, 3, `"ü"`},            // two bytes
		{"/g", 6, 14, `"g"`},           // columns are in bytes
		{"/g/h", 7, 2, `"\u0068"`},     // escaped in the document, after a tab
		{"/", 7, 17, `""`},             // the empty name
	} {
		line, col := locate([]byte(doc), c.pointer)
		if line != c.line || col != c.col {
			t.Errorf("%q: expected %d:%d, found %d:%d", c.pointer, c.line, c.col, line, col)
			continue
		}
		if got := lines[line-1][col-1:]; !strings.HasPrefix(got, c.at) {
			t.Errorf("%q: expected %s there, found %s", c.pointer, c.at, got)
		}
	}
}

func TestPositionMiscounts(t *testing.T) {
	const doc = "ab\ncd\r\n\nä\n"
	for _, c := range []struct {
		offset    int64
		line, col int
	}{
		{-5, 1, 1}, {0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 2, 1}, {5, 2, 3}, {7, 3, 1}, {8, 4, 1}, {10, 4, 3}, {11, 5, 1}, {99, 5, 1},
	} {
		if line, col := position([]byte(doc), c.offset); line != c.line || col != c.col {
			t.Errorf("offset %d: expected %d:%d, found %d:%d", c.offset, c.line, c.col, line, col)
		}
	}
}

// A value of a wrong type in a broken document, and the other way round, is placed
// where it stands.
func TestExcerptBreaksItsLine(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"abc", "abc"},
		{"abc\n", "abc"},
		{"abc\ndef", "abc…"},
		{"a\tb\x00c", "a\uFFFDb\uFFFDc"},
		{"a\xffb", "a\uFFFDb"},
		{strings.Repeat("é", 100), strings.Repeat("é", 40) + "…"},
	} {
		if got := excerpt([]byte(c.raw)); got != c.want {
			t.Errorf("%q: expected %q, found %q", c.raw, c.want, got)
		}
	}
}
