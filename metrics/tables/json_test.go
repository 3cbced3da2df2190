package tables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// read reads what enum writes.
func read[T ~uint8](names []string) *json.Unmarshalers {
	return json.UnmarshalFunc(func(text []byte, v *T) error {
		i := slices.Index(names, strings.Trim(string(text), `"`))
		if i < 0 {
			return fmt.Errorf("unknown name %s", text)
		}
		*v = T(i)
		return nil
	})
}

func decodeCell(d *jsontext.Decoder, x *Cell) error {
	*x = NoValue()
	in := jsonCell{Value: &x.Value, N: &x.N, Of: &x.Of}
	if err := json.UnmarshalDecode(d, &in); err != nil {
		return err
	}
	if in.Bound != "" && in.Bound != atLeast {
		return fmt.Errorf("unknown bound %q", in.Bound)
	}
	x.Text, x.AtLeast, x.Best, x.Format = in.Text, in.Bound == atLeast, in.Best, in.Format
	return nil
}

// decodeJSON reads what [JSON] writes.
func decodeJSON(text []byte) (Table, error) {
	var in struct {
		Format string `json:"format"`
		Table
	}
	options := json.WithUnmarshalers(json.JoinUnmarshalers(
		read[Style](styles), read[summary.Direction](betters), read[Align](aligns), json.UnmarshalFromFunc(decodeCell)))
	if err := json.Unmarshal(text, &in, json.RejectUnknownMembers(true), options); err != nil {
		return Table{}, err
	}
	if in.Format != JSONFormat {
		return Table{}, fmt.Errorf("/format: expected %q, found %q", JSONFormat, in.Format)
	}
	for r, row := range in.Rows {
		if len(row) != len(in.Columns) {
			return Table{}, fmt.Errorf("/rows/%d: %d cells for %d columns", r, len(row), len(in.Columns))
		}
	}
	return in.Table, nil
}
