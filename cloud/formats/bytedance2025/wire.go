package bytedance2025

import "github.com/go-json-experiment/json/jsontext"

// wireDocument is a file.
type wireDocument struct {
	Clusters []wireCluster  `json:"cluster_list"`
	Types    jsontext.Value `json:"vm_type_list,omitzero"`        // left out
	General  jsontext.Value `json:"general_requirement,omitzero"` // left out
}

type wireCluster struct {
	Name  string         `json:"cluster_name"`
	Hosts []wireHost     `json:"host_info"`
	VMs   []wireVM       `json:"vm_instance"`
	Types jsontext.Value `json:"vm_type_info,omitzero"` // left out
	Other struct {
		Sets []wireSet `json:"deployment_set"`
	} `json:"other_requirement"`
}

// wireHost is a machine. Amounts are whole numbers that are written as fractions, 184388.0, mostly.
type wireHost struct {
	ID     string     `json:"node_id"`
	Status string     `json:"status"`
	CPU    float64    `json:"node_cpu"`
	Memory float64    `json:"node_mem_mb"`
	Nodes  []wireNode `json:"numa"`
	Rack   int64      `json:"rack_id"`
}

// wireNode is what a NUMA node of a machine has.
type wireNode struct {
	Node       int     `json:"node"`
	CPU        float64 `json:"total_cpu"`
	FreeCPU    float64 `json:"free_cpu"`
	Memory     float64 `json:"memory_huge_total_mb"`
	FreeMemory float64 `json:"memory_huge_free_mb"`
}

type wireVM struct {
	ID      string      `json:"instance_id"`
	Type    string      `json:"instance_type"`
	Host    string      `json:"host_id"`
	Nodes   []wireShare `json:"numa"`
	Migrate *bool       `json:"allow_migration,omitzero"` // nil: yes
}

// wireShare is what a VM demands of a NUMA node.
type wireShare struct {
	Node   int     `json:"node"`
	CPU    float64 `json:"cpu"`
	Memory float64 `json:"mem_mb"`
}

// wireSet are VMs to be kept apart.
type wireSet struct {
	Granularity string   `json:"granularity"`
	VMs         []string `json:"data"`
}
