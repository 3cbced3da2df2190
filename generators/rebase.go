package generators

import (
	"path/filepath"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Rebase rewrites the file names in a spec of a family, nested ones included, that
// are relative to dir, so that they are relative to the working directory. What the
// catalogue does not know is left as it is: building the spec will report it.
//
// File names are the values of parameters whose unit is [PathUnit]. They
// are no part of an instance, which is the same wherever its files lie.
func Rebase(c *spec.Catalogue, s spec.Spec, dir string) spec.Spec {
	out := spec.Spec{Name: s.Name, Args: slices.Clone(s.Args)}
	d, _ := c.Lookup(Kind, s.Name)
	for i, arg := range out.Args {
		at := slices.IndexFunc(d.Params, func(p spec.Param) bool { return p.Name == arg.Key })
		if i == 0 && arg.Key == "" && len(d.Params) > 0 {
			at = 0
		}
		if at < 0 {
			continue
		}
		switch p := d.Params[at]; {
		case p.Unit == PathUnit:
			out.Args[i].Value = rebased(arg.Value, dir)
		case p.Type == spec.Ref && p.Of == Kind && arg.Value.Form == spec.Call:
			nested := Rebase(c, *arg.Value.Spec, dir)
			out.Args[i].Value.Spec = &nested
		}
	}
	return out
}

func rebased(v spec.Value, dir string) spec.Value {
	if v.Form == spec.List {
		list := slices.Clone(v.List)
		for i := range list {
			list[i] = rebased(list[i], dir)
		}
		v.List = list
		return v
	}
	if (v.Form == spec.Word || v.Form == spec.Quoted) && v.Text != fileio.Stdio && !filepath.IsAbs(v.Text) {
		v.Text = filepath.Join(dir, v.Text)
	}
	return v
}
