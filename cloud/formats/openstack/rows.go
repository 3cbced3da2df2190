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
)

// row is one line of a list: its columns by name.
type row struct {
	number  int // from 0
	columns map[string]jsontext.Value
	command string // that prints such lists
}

// readRows reads a list as the client prints it: an array of objects.
func readRows(data []byte, command string) ([]row, error) {
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
	rows := make([]row, len(columns))
	for n, c := range columns {
		rows[n] = row{number: n, columns: c, command: command}
	}
	return rows, nil
}

// fail is an error about a column, or about the row where that is "".
func (r row) fail(column, format string, args ...any) error {
	at := "/" + strconv.Itoa(r.number)
	if column != "" {
		at += "/" + column // no column that is asked for has a slash or a tilde
	}
	return &cloud.PathError{Pointer: at, Msg: fmt.Sprintf(format, args...)}
}

// find is the value of the first of the columns that the row has, and its name. Null
// and the empty text are nothing.
func (r row) find(columns ...string) (value jsontext.Value, column string) {
	for _, column := range columns {
		if v, ok := r.columns[column]; ok && v.Kind() != 'n' && string(v) != `""` {
			return v, column
		}
	}
	return nil, ""
}

// text is a text, or a number as it is written; "" where there is nothing.
func (r row) text(columns ...string) (string, error) {
	v, column := r.find(columns...)
	switch {
	case v == nil:
		return "", nil
	case v.Kind() == '0':
		return string(v), nil
	case v.Kind() != '"':
		return "", r.fail(column, "expected a text, found %s", shown(v))
	}
	var s string
	if err := json.Unmarshal(v, &s); err != nil {
		return "", r.fail(column, "expected a text, found %s", shown(v))
	}
	return s, nil
}

// needed is a text that must be there.
func (r row) needed(columns ...string) (string, error) {
	s, err := r.text(columns...)
	if err == nil && s == "" {
		return "", r.missing(columns[0])
	}
	return s, err
}

func (r row) missing(column string) error {
	if _, ok := r.columns[column]; ok {
		return r.fail(column, "expected a value, found none")
	}
	return r.fail("", "there is no column %q; `%s` prints it", column, r.command)
}

// maxAmount bounds amounts of memory and numbers of cores far beyond what is built, so
// that their sums fit in 64 bits.
const maxAmount = 1 << 40

// amount is an integer from 0 to maxAmount; ok is false where there is nothing.
func (r row) amount(columns ...string) (n int64, ok bool, err error) {
	v, column := r.find(columns...)
	if v == nil {
		return 0, false, nil
	}
	n, err = strconv.ParseInt(strings.Trim(string(v), `"`), 10, 64)
	if err != nil || n < 0 || n > maxAmount {
		return 0, false, r.fail(column, "expected an integer from 0 to %d, found %s", int64(maxAmount), shown(v))
	}
	return n, true, nil
}

// properties is an object of texts, which old clients print as a text:
// hw:cpu_policy='dedicated', hw:mem_page_size='large'.
func (r row) properties(column string) (map[string]string, error) {
	v, _ := r.find(column)
	if v == nil {
		return nil, nil
	}
	out := map[string]string{}
	if v.Kind() == '{' {
		var members map[string]jsontext.Value
		if err := json.Unmarshal(v, &members); err != nil {
			return nil, r.fail(column, "expected an object, found %s", shown(v))
		}
		for key, value := range members {
			out[key] = strings.Trim(string(value), `"`)
		}
		return out, nil
	}
	text, err := r.text(column)
	if err != nil {
		return nil, r.fail(column, "expected an object or a text, found %s", shown(v))
	}
	for _, pair := range strings.Split(text, ", ") {
		if key, value, ok := strings.Cut(pair, "="); ok {
			out[key] = strings.Trim(value, "'")
		}
	}
	return out, nil
}

// texts is an array of texts, which old clients print as a text with commas.
func (r row) texts(columns ...string) ([]string, error) {
	v, column := r.find(columns...)
	if v == nil {
		return nil, nil
	}
	if v.Kind() == '[' {
		var out []string
		if err := json.Unmarshal(v, &out); err != nil {
			return nil, r.fail(column, "expected an array of texts, found %s", shown(v))
		}
		return out, nil
	}
	text, err := r.text(column)
	if err != nil {
		return nil, r.fail(column, "expected an array of texts, found %s", shown(v))
	}
	return strings.Split(text, ", "), nil
}

// shown is a value as it stands in a message.
func shown(v jsontext.Value) string {
	const most = 60
	s := string(v)
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
