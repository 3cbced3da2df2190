package cloud

// InstanceFormat is the version of the instance format that this program reads and
// writes. FORMAT.md documents it.
const InstanceFormat = "rearrange/instance/1"

// The wire types define the form of a document. A [reader] reads documents of that form;
// any other is unmarshalled into the wire types, which yields the error message.

type wireInstance struct {
	Format      string                 `json:"format"`
	Name        string                 `json:"name"`
	Description string                 `json:"description"`
	Resources   skimmed[wireResource]  `json:"resources"`
	Hosts       skimmed[wireHost]      `json:"hosts"`
	VMs         skimmed[wireVM]        `json:"vms"`
	Groups      skimmed[wireGroup]     `json:"groups"`
	Switches    skimmed[wireSwitch]    `json:"switches"`
	Rules       skimmed[string]        `json:"rules"`
	SLAs        skimmed[string]        `json:"slas"`
	Objective   string                 `json:"objective"`
	MoveCosts   skimmed[wireMoveClass] `json:"move_costs"`
	Initial     skimmedMap[string]     `json:"initial"`
	Target      skimmedMap[string]     `json:"target"`
}

type wireResource struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
}

type wireHost struct {
	Name     string            `json:"name"`
	Capacity skimmedMap[int64] `json:"capacity"`
	Reserved skimmedMap[int64] `json:"reserved"`
	Arch     string            `json:"arch"`
	Zone     string            `json:"zone"`
	Rack     string            `json:"rack"`
	Labels   labels            `json:"labels"`
	Numbers  skimmedMap[int64] `json:"numbers"`
	NICMbps  int64             `json:"nic_mbps"`
	Switch   string            `json:"switch"`
}

type wireVM struct {
	Name          string            `json:"name"`
	Demand        skimmedMap[int64] `json:"demand"`
	Arch          string            `json:"arch"`
	Labels        labels            `json:"labels"`
	Numbers       skimmedMap[int64] `json:"numbers"`
	DirtyMiBPerS  float64           `json:"dirty_mib_per_s"`
	WorkingSetMiB float64           `json:"working_set_mib"`
	Interruptible bool              `json:"interruptible"`
	Pages         skimmed[string]   `json:"pages"`
}

type wireGroup struct {
	Name string          `json:"name"`
	VMs  skimmed[string] `json:"vms"`
}

type wireSwitch struct {
	Name   string `json:"name"`
	Mbps   int64  `json:"mbps"`
	Up     string `json:"up"`
	UpMbps int64  `json:"up_mbps"`
}

type wireMoveClass struct {
	Hosts skimmed[string] `json:"hosts"`
	To    skimmed[int64]  `json:"to"`
}

// labels are names and values chosen by users.
type labels = map[string]string

// ReadInstance reads and checks an instance file; `-` is standard input. Errors
// name file, line and JSON path.
func ReadInstance(path string) (*Instance, error) {
	file, data, err := read(path)
	if err != nil {
		return nil, err
	}
	return DecodeInstance(file, data)
}
