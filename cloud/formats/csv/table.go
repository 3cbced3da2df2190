package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// table is one file: its header and its rows.
type table struct {
	file   string
	header []string
	column map[string]int
	rows   [][]string
	lines  []int // of the rows, 1-based
	err    error // the first fault of a cell
}

// readTable reads a file whole. Its rows are as long as its header.
func readTable(file string, data []byte) (*table, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := bounded(data); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	t := &table{file: file, column: map[string]int{}}
	for {
		row, err := r.Read()
		if err != nil {
			return t, t.end(err)
		}
		line, _ := r.FieldPos(0)
		if t.header == nil {
			if err := t.head(row, line); err != nil {
				return nil, err
			}
			continue
		}
		if i := slices.IndexFunc(row, func(cell string) bool { return !utf8.ValidString(cell) }); i >= 0 && i < len(t.header) {
			return nil, t.fault(line, t.header[i], "expected text in UTF-8, found %s", excerpt(row[i]))
		}
		if len(row) != len(t.header) {
			return nil, t.fault(line, "", "expected as many cells as the header has, which is %d, found %d", len(t.header), len(row))
		}
		t.rows = append(t.rows, row)
		t.lines = append(t.lines, line)
	}
}

// The most columns of a file, the longest line, and the most memory that rows may take. A
// table of 1.7 million VMs with 16 columns takes 550 MiB.
const (
	maxColumns   = 10_000
	maxLineBytes = 16 << 20
	maxRowBytes  = 768 << 20
)

// bounded refuses a file that takes many times its size in memory, as one of commas does.
func bounded(data []byte) error {
	const cellBytes, rowBytes = 16, 64
	size := 0
	for line := range bytes.Lines(data) {
		if len(line) > maxLineBytes {
			return fmt.Errorf("more than %d MiB in one line", maxLineBytes>>20)
		}
		columns := 1 + bytes.Count(line, []byte{','})
		if columns > maxColumns {
			return fmt.Errorf("more than %d columns", maxColumns)
		}
		if size += rowBytes + cellBytes*columns; size > maxRowBytes {
			return errors.New("more rows than fit in memory")
		}
	}
	return nil
}

// end says why there are no more rows.
func (t *table) end(err error) error {
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s:%d:%d: invalid CSV: %w", t.file, syntax.Line, syntax.Column, syntax.Err)
	case t.header == nil:
		return t.fault(1, "", "expected a header that names the columns, found the end of the file")
	}
	return nil // the end of the file, for memory does not fail to be read
}

func (t *table) head(row []string, line int) error {
	t.header = row
	for i, name := range row {
		if !utf8.ValidString(name) {
			return t.fault(line, "", "expected names of columns in UTF-8, found %s", excerpt(name))
		}
		if name == "" {
			return t.fault(line, "", "expected a name for column %d, found nothing", i+1)
		}
		if first, dup := t.column[name]; dup {
			return t.fault(line, name, "columns %d and %d have the same name", first+1, i+1)
		}
		t.column[name] = i
	}
	if len(row) == 1 && strings.ContainsAny(row[0], ";\t") {
		return t.fault(line, "", "expected columns between commas, found %s", excerpt(row[0]))
	}
	return nil
}

// fault is an error with its place; column may be empty.
func (t *table) fault(line int, column, format string, args ...any) error {
	at := fmt.Sprintf("%s:%d: ", t.file, line)
	if column != "" {
		at += "column " + excerpt(column) + ": "
	}
	return fmt.Errorf(at+"%w", fmt.Errorf(format, args...))
}

// cellFault is a fault of one cell.
func (t *table) cellFault(row int, column, format string, args ...any) error {
	return t.fault(t.lines[row], column, format, args...)
}

// fail keeps the fault of a cell, if it is the first one.
func (t *table) fail(row int, column, format string, args ...any) {
	if t.err == nil {
		t.err = t.cellFault(row, column, format, args...)
	}
}

// excerpt quotes the beginning of a text.
func excerpt(s string) string {
	const most = 60
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}

// has tells whether there is such a column.
func (t *table) has(column string) bool {
	_, ok := t.column[column]
	return ok
}

// cell is what stands in a column, nothing where there is no such column.
func (t *table) cell(row int, column string) string {
	if c, ok := t.column[column]; ok {
		return t.rows[row][c]
	}
	return ""
}

// amount reads an integer of at least 0; an empty cell is 0 where that is allowed.
func (t *table) amount(row int, column string, mayBeEmpty bool) int64 {
	cell := t.cell(row, column)
	if cell == "" && mayBeEmpty {
		return 0
	}
	n, err := strconv.ParseUint(cell, 10, 63)
	switch {
	case cell == "":
		t.fail(row, column, "expected an integer of at least 0, found nothing")
	case errors.Is(err, strconv.ErrRange):
		t.fail(row, column, "expected an integer that fits in 64 bits, found %s", excerpt(cell))
	case err != nil:
		t.fail(row, column, "expected an integer of at least 0, found %s", excerpt(cell))
	}
	return int64(n)
}

// number reads a number; an empty cell is 0.
func (t *table) number(row int, column string) float64 {
	cell := t.cell(row, column)
	if cell == "" {
		return 0
	}
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil || !(x >= 0) || x > math.MaxFloat64 {
		t.fail(row, column, "expected a number of at least 0, found %s", excerpt(cell))
	}
	return x + 0 // -0 is 0
}
