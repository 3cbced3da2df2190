package cli

import (
	"fmt"
	"io"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// showFeatures prints what an instance measures, under its rules.
func (p program) showFeatures(w io.Writer, name string, in *cloud.Instance, asJSON bool) error {
	bound, err := rules.Bind(p.catalogue, in, nil)
	if err != nil {
		return badInput(cloud.Locate(name, err))
	}
	list := features.Of(in, bound)
	if asJSON {
		return encodeJSON(w, struct {
			Instance string         `json:"instance"`
			Features map[string]any `json:"features"`
		}{in.Name, features.Map(list)})
	}
	texts := make([]string, len(list))
	names, values := 0, 0
	for i, f := range list {
		switch v := f.Value.(type) {
		case bool:
			texts[i] = map[bool]string{true: "yes", false: "no"}[v]
		case float64:
			texts[i] = strconv.FormatFloat(v, 'f', 3, 64)
		default:
			texts[i] = fmt.Sprint(v)
		}
		names, values = max(names, len(f.Name)), max(values, len(texts[i]))
	}
	for i, f := range list {
		line := fmt.Sprintf("%-*s  %*s", names, f.Name, values, texts[i])
		if f.Unit != "" {
			line += " " + f.Unit
		}
		fmt.Fprintln(w, line)
	}
	return nil
}
