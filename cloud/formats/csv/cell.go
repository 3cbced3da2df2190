package csv

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// quoted tells whether a text begins and ends with a double quote.
func quoted(s string) bool { return len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' }

// quote writes a text that may be empty into a cell where an empty cell says that there is
// none.
func quote(text string) string {
	if text == "" || quoted(text) {
		return `"` + text + `"`
	}
	return text
}

// unquote reverses [quote] for a cell that is not empty.
func unquote(cell string) string {
	if quoted(cell) {
		return cell[1 : len(cell)-1]
	}
	return cell
}

var escapes = strings.NewReplacer(`\`, `\\`, `;`, `\;`)

// joinList writes a list into a cell.
func joinList(items []string) string {
	return strings.Join(prose.Texts(items, func(item string) string { return escapes.Replace(quote(item)) }), ";")
}

// splitList reverses [joinList]; an empty cell is an empty list.
func splitList(cell string) ([]string, error) {
	if cell == "" {
		return nil, nil
	}
	var out []string
	var item strings.Builder
	end := func() error {
		if item.Len() == 0 {
			return errors.New(`expected a text between semicolons, found nothing; an empty one is written ""`)
		}
		out = append(out, unquote(item.String()))
		item.Reset()
		return nil
	}
	for i := 0; i < len(cell); i++ {
		switch c := cell[i]; c {
		case ';':
			if err := end(); err != nil {
				return nil, err
			}
		case '\\':
			i++
			if i == len(cell) || (cell[i] != ';' && cell[i] != '\\') {
				return nil, fmt.Errorf(`expected \; or \\, found %q`, cell[i-1:min(i+1, len(cell))])
			}
			item.WriteByte(cell[i])
		default:
			item.WriteByte(c)
		}
	}
	return out, end()
}

// joinUnit names the column of a resource with its unit.
func joinUnit(name, unit string) string {
	if unit == "" && !strings.HasSuffix(name, "]") {
		return name
	}
	return name + " [" + unit + "]"
}

// splitUnit reverses [joinUnit] for units without brackets.
func splitUnit(column string) (name, unit string) {
	if i := strings.LastIndex(column, " ["); i >= 0 && strings.HasSuffix(column, "]") {
		return column[:i], column[i+2 : len(column)-1]
	}
	return column, ""
}
