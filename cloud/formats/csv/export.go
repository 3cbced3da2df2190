package csv

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/lost"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Exporter is the entry of the format's exporter.
func Exporter() spec.Entry[formats.Exporter] {
	return spec.Entry[formats.Exporter]{
		Descriptor: spec.Descriptor{
			Name:     "csv",
			Synopsis: "tables; files hosts.csv, vms.csv and, where needed, rules.csv and groups.csv",
			Doc: "Columns are those that the import format csv takes; those that would be empty are left out. Keeps all but " +
				"the instance's name, description, objective, costs of moves and switches.",
			Citation: "RFC 4180: https://www.rfc-editor.org/rfc/rfc4180",
		},
		New: func(spec.Args) (formats.Exporter, error) { return exporter{}, nil },
	}
}

// exporter writes the format.
type exporter struct{}

// Export writes two to four files. It takes time and memory linear in the instance.
func (exporter) Export(in *cloud.Instance) (files []fileio.File, lost []string, err error) {
	w := &writer{in: in, inColumn: groupsFitColumn(in)}
	files = append(files, w.file("hosts.csv", w.hosts()), w.file("vms.csv", w.vms()))
	if in.Rules != nil {
		rows := [][]string{{colRule}}
		for _, r := range in.Rules {
			rows = append(rows, []string{r.String()})
		}
		files = append(files, w.file("rules.csv", rows))
	}
	if !w.inColumn {
		files = append(files, w.file("groups.csv", w.groups()))
	}
	if w.err != nil {
		return nil, nil, w.err
	}
	return files, w.lost(), nil
}

// lost tells what the tables do not say.
func (w *writer) lost() []string {
	out := append(lost.Wishes(w.in), lost.Network(w.in)...)
	if w.breaks > 0 {
		out = append(out, fmt.Sprintf("the carriage return before a line feed, in %d texts", w.breaks))
	}
	for _, r := range w.in.Resources {
		if strings.ContainsAny(r.Unit, "[]") {
			out = append(out, fmt.Sprintf("the brackets in the unit %q of resource %q", r.Unit, r.Name))
		}
	}
	return out
}

// groupsFitColumn tells whether the groups come in the order in which the VMs name them,
// and hold their VMs in the order of the file.
func groupsFitColumn(in *cloud.Instance) bool {
	first := cloud.VMID(-1)
	for i, g := range in.Groups {
		if len(g.VMs) == 0 || !slices.IsSorted(g.VMs) || g.VMs[0] < first {
			return false
		}
		first = in.Groups[i].VMs[0]
	}
	return true
}
