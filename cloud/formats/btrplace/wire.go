package btrplace

import (
	"github.com/go-json-experiment/json/jsontext"
)

// wireDocument is an instance of BtrPlace, or a plan. Numbers of nodes, VMs, switches and links are
// 32-bit integers there, and so are amounts.
type wireDocument struct {
	Model       *wireModel       `json:"model"`
	Origin      *wireModel       `json:"origin,omitzero"`  // of a plan, in place of the model
	Actions     *[]action        `json:"actions,omitzero"` // of a plan, in place of constraints
	Constraints []wireConstraint `json:"constraints"`
	Objective   jsontext.Value   `json:"objective,omitzero"` // ranks plans, and is left out
}

// wireModel is what there is.
type wireModel struct {
	Mapping    *wireMapping    `json:"mapping"`
	Attributes *wireAttributes `json:"attributes"`
	Views      []wireView      `json:"views"`
}

// wireMapping is where the VMs are. The keys of its objects are numbers.
type wireMapping struct {
	Online  map[string]wireOnline `json:"onlineNodes"`
	Offline []int64               `json:"offlineNodes"`
	Ready   []int64               `json:"readyVMs"`
}

// wireOnline is what is on an online node.
type wireOnline struct {
	Running  []int64 `json:"runningVMs"`
	Sleeping []int64 `json:"sleepingVMs"`
}

// wireAttributes are texts, numbers and truth values by number and key.
type wireAttributes struct {
	Nodes map[string]map[string]jsontext.Value `json:"nodes"`
	VMs   map[string]map[string]jsontext.Value `json:"vms"`
}

// wireView is any view: which members it has depends on its id.
type wireView struct {
	ID string `json:"id"`
	// Of a shareable resource.
	Resource           string           `json:"rcId,omitzero"`
	DefaultCapacity    *int64           `json:"defCapacity,omitzero"`
	DefaultConsumption *int64           `json:"defConsumption,omitzero"`
	Nodes              map[string]int64 `json:"nodes,omitzero"`
	VMs                map[string]int64 `json:"vms,omitzero"`
	// Of the network.
	Switches []wireSwitch `json:"switches,omitzero"`
	Links    []wireLink   `json:"links,omitzero"`
	Routing  *wireRouting `json:"routing,omitzero"`
	// Of a naming service.
	Type string           `json:"type,omitzero"`
	Map  map[string]int64 `json:"map,omitzero"`

	More map[string]jsontext.Value `json:",embed"`
}

// wireSwitch is a switch of the network; a negative capacity is none that binds.
type wireSwitch struct {
	ID       int64 `json:"id"`
	Capacity int64 `json:"capacity"` // Mbit/s
}

// wireLink joins a switch and what stands below it.
type wireLink struct {
	ID       int64        `json:"id"`
	Capacity int64        `json:"capacity"` // Mbit/s
	Switch   int64        `json:"switch"`
	Element  wirePhysical `json:"physicalElement"`
}

// wirePhysical is a node or a switch.
type wirePhysical struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

// wireRouting says which way data take.
type wireRouting struct {
	Type string         `json:"type"`
	More jsontext.Value `json:",embed"`
}

// wireConstraint is any constraint: which members it has depends on its id.
type wireConstraint struct {
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
	viewResource = "shareableResource"
	viewNetwork  = "net"
	viewNames    = "ns"
)

// The types of elements.
const (
	typeNode   = "node"
	typeVM     = "vm"
	typeSwitch = "switch"
)
