package btrplace

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Document is an instance of BtrPlace. Numbers of nodes, VMs, switches and links are
// 32-bit integers there, and so are amounts.
type Document struct {
	Model       *Model         `json:"model"`
	Constraints []Constraint   `json:"constraints"`
	Objective   jsontext.Value `json:"objective,omitzero"` // ranks plans, and is left out
}

// Model is what there is.
type Model struct {
	Mapping    *Mapping    `json:"mapping"`
	Attributes *Attributes `json:"attributes"`
	Views      []View      `json:"views"`
}

// Mapping is where the VMs are. The keys of its objects are numbers.
type Mapping struct {
	Online  map[string]Online `json:"onlineNodes"`
	Offline []int64           `json:"offlineNodes"`
	Ready   []int64           `json:"readyVMs"`
}

// Online is what is on an online node.
type Online struct {
	Running  []int64 `json:"runningVMs"`
	Sleeping []int64 `json:"sleepingVMs"`
}

// Attributes are texts, numbers and truth values by number and key.
type Attributes struct {
	Nodes map[string]map[string]jsontext.Value `json:"nodes"`
	VMs   map[string]map[string]jsontext.Value `json:"vms"`
}

// View is any view: which members it has depends on its id.
type View struct {
	ID string `json:"id"`
	// Of a shareable resource.
	Resource           string           `json:"rcId,omitzero"`
	DefaultCapacity    *int64           `json:"defCapacity,omitzero"`
	DefaultConsumption *int64           `json:"defConsumption,omitzero"`
	Nodes              map[string]int64 `json:"nodes,omitzero"`
	VMs                map[string]int64 `json:"vms,omitzero"`
	// Of the network.
	Switches []Switch `json:"switches,omitzero"`
	Links    []Link   `json:"links,omitzero"`
	Routing  *Routing `json:"routing,omitzero"`
	// Of a naming service.
	Type string           `json:"type,omitzero"`
	Map  map[string]int64 `json:"map,omitzero"`

	More map[string]jsontext.Value `json:",embed"`
}

// Switch is a switch of the network; a negative capacity is none that binds.
type Switch struct {
	ID       int64 `json:"id"`
	Capacity int64 `json:"capacity"` // Mbit/s
}

// Link joins a switch and what stands below it.
type Link struct {
	ID       int64    `json:"id"`
	Capacity int64    `json:"capacity"` // Mbit/s
	Switch   int64    `json:"switch"`
	Element  Physical `json:"physicalElement"`
}

// Physical is a node or a switch.
type Physical struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

// Routing says which way data take.
type Routing struct {
	Type string         `json:"type"`
	More jsontext.Value `json:",embed"`
}

// Constraint is any constraint: which members it has depends on its id.
type Constraint struct {
	ID         string         `json:"id"`
	Continuous *bool          `json:"continuous,omitzero"`
	VM         *int64         `json:"vm,omitzero"`
	VMs        *[]int64       `json:"vms,omitzero"`
	Node       *int64         `json:"node,omitzero"`
	Nodes      *[]int64       `json:"nodes,omitzero"`
	Parts      *[][]int64     `json:"parts,omitzero"`
	Resource   *string        `json:"rc,omitzero"`
	Ratio      jsontext.Value `json:"ratio,omitzero"`
	Amount     *int64         `json:"amount,omitzero"`

	More map[string]jsontext.Value `json:",embed"`
}

// The ids of views.
const (
	ShareableResource = "shareableResource"
	Network           = "net"
	NamingService     = "ns"
)

// The types of elements.
const (
	TypeNode   = "node"
	TypeVM     = "vm"
	TypeSwitch = "switch"
)
