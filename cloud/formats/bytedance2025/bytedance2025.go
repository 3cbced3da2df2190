package bytedance2025

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "bytedance2025",
			Synopsis: "clusters of a study of VM rescheduling (EuroSys 2025), JSON; file CLUSTERS",
			Doc: "Each NUMA node is a host, and the rule numa charges VMs on both nodes of a machine to both. VMs that must not migrate are pinned. " +
				"Free amounts are recomputed; the description counts where the file disagrees. There is no target.",
			Params: []spec.Param{
				{Name: "cluster", Type: spec.String, Doc: "name of the cluster to read; all of them together unless given"},
			},
			Citation: "X. Ding et al., Towards VM Rescheduling Optimization Through Deep Reinforcement Learning, EuroSys 2025, " +
				"doi:10.1145/3689031.3717476",
		},
		New: func(a spec.Args) (formats.Importer, error) {
			i := importer{all: !a.Has("cluster")}
			if !i.all {
				i.cluster = a.String("cluster")
			}
			return i, nil
		},
	}
}

// importer reads the format.
type importer struct {
	all     bool
	cluster string
}

// Files lists the file that Import takes.
func (importer) Files() []string { return []string{"CLUSTERS"} }

// Import reads a file. It takes time and memory linear in its size; errors name file, line and JSON path.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	data, err := fileio.Read(files[0], nil)
	if err != nil {
		return nil, err
	}
	return i.decode(files[0], data)
}

func (i importer) decode(file string, data []byte) (*cloud.Instance, error) {
	var doc wireDocument
	if err := cloud.DecodeForeign(file, data, &doc); err != nil {
		return nil, err
	}
	r := newReader(fileio.Title(file, "bytedance2025"))
	read := 0
	for n := range doc.Clusters {
		c := &doc.Clusters[n]
		if !i.all && c.Name != i.cluster {
			continue
		}
		read++
		if err := r.cluster(fmt.Sprintf("/cluster_list/%d", n), c); err != nil {
			return nil, cloud.LocateIn(file, data, err)
		}
	}
	if read == 0 {
		names := prose.Texts(doc.Clusters, func(c wireCluster) string { return c.Name })
		return nil, fmt.Errorf("%s: unknown cluster %q%s", file, prose.Abridge(i.cluster, 80), spec.DidYouMean(i.cluster, names, "the file has"))
	}
	in := r.instance()
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("%s: as an instance: %w", file, err)
	}
	return in, nil
}
