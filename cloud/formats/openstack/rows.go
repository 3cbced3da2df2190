package openstack

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// row is one line of a list: its columns by name.
type row struct {
	number  int // from 0
	columns map[string]jsontext.Value
	command string // that prints such lists
	err     error  // the first fault that was found
}

// readRows reads a list as the client prints it: an array of objects.
func readRows(data []byte, command string) ([]*row, error) {
	wanted := "expected what `" + command + "` prints"
	switch text := bytes.TrimSpace(data); {
	case len(text) == 0:
		return nil, &cloud.PathError{Msg: wanted + ", found an empty file"}
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return nil, &cloud.PathError{Msg: wanted + ", found a byte order mark before it: save the file as UTF-8 without one"}
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, &cloud.PathError{Msg: wanted + " in UTF-8, found UTF-16"}
	case text[0] == '+':
		return nil, &cloud.PathError{Msg: wanted + ", found a table: -f json is missing"}
	case text[0] != '[':
		return nil, &cloud.PathError{Msg: wanted + ", which is an array"}
	}
	var columns []map[string]jsontext.Value
	err := json.Unmarshal(data, &columns)
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		return nil, &cloud.PathError{
			Pointer: string(syntax.JSONPointer),
			Msg:     "invalid JSON: " + strings.TrimPrefix(fmt.Sprint(syntax.Err), "jsontext: "),
		}
	case errors.As(err, &semantic):
		return nil, &cloud.PathError{Pointer: string(semantic.JSONPointer), Msg: wanted + ", an array of objects"}
	case err != nil:
		return nil, err
	}
	rows := make([]*row, len(columns))
	for n, c := range columns {
		rows[n] = &row{number: n, columns: c, command: command}
	}
	return rows, nil
}

// fault is an error about a column, or about the row where that is "".
func (r *row) fault(column, format string, args ...any) error {
	at := "/" + strconv.Itoa(r.number)
	if column != "" {
		at += "/" + column // no column that is asked for has a slash or a tilde
	}
	return &cloud.PathError{Pointer: at, Msg: fmt.Sprintf(format, args...)}
}

// fail keeps a fault of the row, if it is the first one.
func (r *row) fail(column, format string, args ...any) {
	if r.err == nil {
		r.err = r.fault(column, format, args...)
	}
}

// find is the value of the first of the columns that the row has, and its name. Null
// and the empty text are nothing.
func (r *row) find(columns ...string) (value jsontext.Value, column string) {
	for _, column := range columns {
		if v, ok := r.columns[column]; ok && v.Kind() != 'n' && string(v) != `""` {
			return v, column
		}
	}
	return nil, ""
}

// textOf is a text, or a number as it is written.
func textOf(v jsontext.Value) (s string, ok bool) {
	if v.Kind() == '0' {
		return string(v), true
	}
	ok = v.Kind() == '"' && json.Unmarshal(v, &s) == nil
	return s, ok
}

// text is a text, or a number as it is written; "" where there is nothing.
func (r *row) text(columns ...string) string {
	v, column := r.find(columns...)
	if v == nil {
		return ""
	}
	s, ok := textOf(v)
	if !ok {
		r.fail(column, "expected a text, found %s", shown(v))
	}
	return s
}

// needed is a text that must be there.
func (r *row) needed(column string) string {
	s := r.text(column)
	if s == "" {
		r.missing(column)
	}
	return s
}

func (r *row) missing(column string) {
	if _, ok := r.columns[column]; ok {
		r.fail(column, "expected a value, found none")
	}
	r.fail("", "there is no column %q; `%s` prints it", column, r.command)
}

// maxAmount bounds amounts of memory and numbers of cores far beyond what is built, so
// that their sums fit in 64 bits.
const maxAmount = 1 << 40

// amount is an integer from 0 to maxAmount; ok is false where there is nothing.
func (r *row) amount(columns ...string) (n int64, ok bool) {
	v, column := r.find(columns...)
	if v == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.Trim(string(v), `"`), 10, 64)
	if err != nil || n < 0 || n > maxAmount {
		r.fail(column, "expected an integer from 0 to %d, found %s", int64(maxAmount), shown(v))
	}
	return n, true
}

// neededAmount is an amount that must be there.
func (r *row) neededAmount(column string) int64 {
	n, ok := r.amount(column)
	if !ok {
		r.missing(column)
	}
	return n
}

// properties is an object of texts, which old clients print as a text:
// hw:cpu_policy='dedicated', hw:mem_page_size='large'.
func (r *row) properties(column string) map[string]string {
	v, _ := r.find(column)
	if v == nil {
		return nil
	}
	out := map[string]string{}
	if v.Kind() == '{' {
		var members map[string]jsontext.Value
		if err := json.Unmarshal(v, &members); err != nil {
			r.fail(column, "expected an object, found %s", shown(v))
		}
		for key, value := range members {
			out[key] = strings.Trim(string(value), `"`)
		}
		return out
	}
	text, ok := textOf(v)
	if !ok {
		r.fail(column, "expected an object or a text, found %s", shown(v))
	}
	for _, pair := range strings.Split(text, ", ") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			out[key] = strings.Trim(value, "'")
		}
	}
	return out
}

// texts is an array of texts, which old clients print as a text with commas.
func (r *row) texts(columns ...string) (out []string) {
	v, column := r.find(columns...)
	if v == nil {
		return nil
	}
	text, ok := textOf(v)
	if v.Kind() == '[' {
		ok = json.Unmarshal(v, &out) == nil
	} else {
		out = strings.Split(text, ", ")
	}
	if !ok {
		r.fail(column, "expected an array of texts, found %s", shown(v))
	}
	return out
}

// shown is a value as it stands in a message.
func shown(v jsontext.Value) string {
	return prose.Abridge(string(v), 60)
}
