package alibaba2018

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "alibaba2018",
			Synopsis: "data of the Alibaba Global Scheduling Algorithm Competition 2018; file ZIP",
			Doc: "Keeps capacity and every interference between applications as rules; there is no target. Amounts " +
				"are exact, in millionths of a core and of a GB. The sum of peaks on a host exceeds the peak of its " +
				"sum, so that at slot=peak the given placement breaks capacity where it would not at any one time. " +
				"The description of the instance counts what is broken.",
			Params: []spec.Param{
				{Name: "slot", Type: spec.String, Default: peak, Doc: "which amount of a daily series counts: peak, or the number of a time slot from 0 to 97"},
				{Name: "cpu-share", Type: spec.Ratio, Default: "1", Bounds: spec.Between(0, 1), Doc: "share of each host's cpu that VMs may use together; the competition punishes what exceeds 0.5"},
				{Name: "unplaced", Type: spec.Choice, Choices: []string{"keep", "drop"}, Default: "keep", Doc: "instances on no machine: keep them as absent VMs, or drop them"},
				{Name: "broken", Type: spec.Choice, Choices: []string{"keep", "unplace"}, Default: "keep", Doc: "instances by which the placement breaks rules: keep them where they are, or take off as few as it needs"},
			},
			Citation: "Alibaba Global Scheduling Algorithm Competition, 2018: " +
				"https://tianchi.aliyun.com/competition/entrance/231663/introduction",
		},
		New: newImporter,
	}
}

// peak is the value of the parameter slot that stands for no slot.
const peak = "peak"

// importer reads the format.
type importer struct {
	catalogue *spec.Catalogue
	slot      int    // -1 for the peak
	cpuShare  string // "1" for all of it
	drop      bool   // what stands nowhere
	unplace   bool   // what breaks rules
}

// newImporter makes an importer.
func newImporter(a spec.Args) (formats.Importer, error) {
	share, _ := a.Full().Value("cpu-share")
	i := importer{
		catalogue: a.Catalogue(),
		slot:      -1, cpuShare: share.Text,
		drop: a.String("unplaced") == "drop", unplace: a.String("broken") == "unplace",
	}
	if text := a.String("slot"); text != peak {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n >= slots {
			return i, fmt.Errorf("parameter %q: expected %s or the number of a time slot from 0 to %d, found %q", "slot", peak, slots-1, text)
		}
		i.slot = n
	}
	return i, nil
}

// Files lists the file that Import takes.
func (importer) Files() []string { return []string{"ZIP"} }

// Import reads an archive. It takes time and memory linear in the size of its members,
// apart from the judgement of the placement; errors name archive, member and line.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	archive, err := fileio.Read(files[0], nil)
	if err != nil {
		return nil, err
	}
	return i.decode(files[0], archive)
}

func (i importer) decode(file string, archive []byte) (*cloud.Instance, error) {
	members, err := open(file, bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	d, err := read(members, i.slot)
	if err != nil {
		return nil, err
	}
	in, err := i.instance(d, fileio.Title(file, "alibaba2018"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return in, nil
}
