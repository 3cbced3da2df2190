package json

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// TargetReader is the entry of the format's reader of targets.
func TargetReader() spec.Entry[formats.TargetReader] {
	return spec.Entry[formats.TargetReader]{
		Descriptor: spec.Descriptor{
			Name:     "json",
			Synopsis: "the target of an instance, or a placement such as {\"vm1\": \"host2\"}",
			Doc: "An instance, as `rearrange target` writes it, has the same VMs and hosts by name. In a placement, VMs that are not " +
				"listed stand nowhere.",
			Citation: "cloud/FORMAT.md",
		},
		New: func(spec.Args) (formats.TargetReader, error) { return targetReader{}, nil },
	}
}

// targetReader reads targets.
type targetReader struct{}

// ReadTarget implements [formats.TargetReader]. It takes time linear in the file; errors name file, line and JSON path.
func (targetReader) ReadTarget(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	var head struct {
		Format string         `json:"format"`
		More   jsontext.Value `json:",embed"`
	}
	if err := cloud.DecodeForeign(file, data, &head); err == nil && strings.HasPrefix(head.Format, "rearrange/") {
		return ofInstance(in, file, data)
	}
	var hosts map[string]string
	if err := cloud.DecodeForeign(file, data, &hosts); err != nil {
		return nil, err
	}
	p := slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	for _, vm := range slices.Sorted(maps.Keys(hosts)) {
		if err := put(in, p, vm, hosts[vm]); err != nil {
			at := jsontext.Pointer("").AppendToken(vm)
			return nil, cloud.LocateIn(file, data, &cloud.PathError{Pointer: string(at), Msg: err.Error()})
		}
	}
	return p, nil
}

// ofInstance reads the target of an instance.
func ofInstance(in *cloud.Instance, file string, data []byte) (cloud.Placement, error) {
	other, err := cloud.DecodeInstance(file, data)
	if err != nil {
		return nil, err
	}
	if other.Target == nil {
		return nil, fmt.Errorf("%s: the instance has no target", file)
	}
	p := slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	for v, h := range other.Target {
		if h == cloud.Absent {
			continue
		}
		if err := put(in, p, other.VMs[v].Name, other.Hosts[h].Name); err != nil {
			return nil, fmt.Errorf("%s: the target of VM %q: %w", file, other.VMs[v].Name, err)
		}
	}
	return p, nil
}

// put places a VM.
func put(in *cloud.Instance, p cloud.Placement, vm, host string) error {
	v, ok := in.VM(vm)
	if !ok {
		return fmt.Errorf("unknown VM %q", vm)
	}
	h, ok := in.Host(host)
	if !ok {
		return fmt.Errorf("unknown host %q", host)
	}
	p[v] = h
	return nil
}
